// Puts the views on the page, in the order in which one reads them.

import { callTree } from "#page/calltree";
import { CallTree, readReport } from "#page/data";
import { element } from "#page/elements";
import { duration } from "#page/figures";
import { cycles, leaks } from "#page/leaks";
import { honesty, summary } from "#page/overview";
import { scopes, tasks, threads } from "#page/owners";
import { callSites } from "#page/sites";
import { sizes, types } from "#page/tables";
import { timeline } from "#page/timeline";

const report = readReport();
const main = document.getElementById("main");
const navigation = document.getElementById("sections");

function add(id, title, view) {
  main.append(element("section", { id }, element("h2", {}, title), view));
  navigation.append(element("a", { href: `#${id}` }, title));
}

const process = report.process;
const program = process.executable.split("/").pop() || "MemScope";
document.title = `${program} – MemScope`;
document.getElementById("program").textContent = program;
document.getElementById("run").textContent = [
  process.arguments.slice(1).join(" "), process.pid ? `pid ${process.pid}` : "", process.startTime,
  process.durationNanoseconds ? duration(process.durationNanoseconds) : "", process.reason && `written at ${process.reason}`,
].filter(Boolean).join(" · ");

const tree = callTree(CallTree.read());
add("summary", "Summary", summary(report));
add("honesty", "How far to trust this", honesty(report));
add("timeline", "Timeline", timeline(report));
add("leaks", "Leaks", leaks(report, tree.show));
add("cycles", "Cycles", cycles(report));
add("sites", "Call sites", callSites(report.callSites, "allocatedBytes", tree.show));
add("tree", "Call tree", tree.view);
add("types", "Types", types(report));
add("threads", "Threads", threads(report));
add("tasks", "Tasks", tasks(report));
add("scopes", "Scopes", scopes(report));
add("peak", "Held at the peak", callSites(report.peak.holders, "peakBytes", tree.show));
add("temporaries", "Temporaries", callSites(report.temporaries.callSites, "temporaries", tree.show));
add("sizes", "Sizes", sizes(report));

// What the data says, in sentences, worst first. Pure: a report in, findings out.

import { format } from "#page/address";
import { place } from "#page/elements";
import { bytes, confidence, count, duration, plural, share } from "#page/figures";

/**
 * @typedef {object} Finding
 * @property {"problem" | "look" | "unknown" | "fine"} level
 * @property {string} title
 * @property {string} [text] where and why
 * @property {string} [advice] what to change
 * @property {string} [href] the evidence
 * @property {number} weight how many bytes it is about; orders findings of one level
 */

const order = ["problem", "look", "unknown", "fine"];

/**
 * @param {Finding} a
 * @param {Finding} b
 */
function worstFirst(a, b) {
  return order.indexOf(a.level) - order.indexOf(b.level) || b.weight - a.weight;
}

/** The words that find a row with a frame in a table. */
function nameAndPlace(row) {
  return [row.name || row.function, row.file ? place(row) : ""].filter(Boolean).join(" ");
}

/**
 * "allocated in f (File.swift:12)"
 * @returns {string}
 */
function at(row) {
  if (!row.function) return "";
  return row.file ? `${row.function} (${place(row)})` : row.function;
}

function leaks(report) {
  const found = report.leaks;
  if (found.blocks === null) {
    return [{ level: "unknown", weight: 0, title: "Whether anything leaked is not known",
      text: report.notCollected.leaks ?? "Leaks were not looked for.", href: "#leaks" }];
  }
  if (found.blocks === 0) {
    return [{ level: "fine", weight: 1, title: "Nothing leaked", text: "Every live block can be reached from the program." +
      (found.suppressedBlocks ? ` ${plural(found.suppressedBlocks, "block")} were suppressed.` : ""), href: "#leaks" }];
  }
  const findings = report.cycles.map((cycle, index) => {
    const names = [...new Set(cycle.members.map((member) => member.type))];
    const who = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(" and ");
    return {
      level: "problem", weight: cycle.retainedBytes,
      title: cycle.members.length === 1 ? `${who} keeps itself alive` : `${who} keep each other alive`,
      text: `${plural(cycle.instances, "retain cycle")} of this shape ${cycle.instances === 1 ? "keeps" : "keep"} ${bytes(cycle.retainedBytes)} that nobody ` +
        `can reach any more${at(cycle.members[0]) ? `; the first object comes from ${at(cycle.members[0])}` : ""}.`,
      advice: [cycle, ...(cycle.further ?? [])].map((way) => way.suggestion).filter(Boolean).join(" "), href: format("leaks", { cycle: index }),
    };
  });
  const lone = found.groups.filter((group) => group.category === "definite");
  for (const group of lone.slice(0, 4)) {
    findings.push({
      level: "problem", weight: group.retainedBytes,
        title: `${plural(group.blocks, "block")} of ${group.type === "untyped" ? "no known type" : group.type} leaked`,
      text: `Nothing refers to ${group.blocks === 1 ? "it" : "them"} any more. With all that hangs below ${group.blocks === 1 ? "it keeps" : "they keep"} ` +
        `${bytes(group.retainedBytes)}. Allocated in ${at(group) || "an unknown place"}.`,
      advice: group.type === "untyped" ? "Look for the `free` or `deallocate` that is missing where its last user is done."
        : "Look for a retain by hand that nothing takes back, such as `Unmanaged.passRetained`, or a continuation that is never resumed.",
      href: format("leaks", { "leaks-filter": group.type }),
    });
  }
  if (findings.length === 0) {
    findings.push({ level: "problem", weight: found.bytes, title: `${bytes(found.bytes)} leaked`,
      text: `${plural(found.blocks, "block")}.`, href: "#leaks" });
  }
  return findings;
}

/** Objects that are no leaks, and whose memory is lost as long as somebody has an unowned reference to them. */
function dead({ leaks: found }) {
  if (!found.deadBlocks) return [];
  const row = found.groups.find((group) => group.category === "dead");
  return [{ level: "look", weight: found.deadBytes,
    title: `${plural(found.deadBlocks, "object")} ${found.deadBlocks === 1 ? "is" : "are"} dead and not freed`,
    text: `Unowned references keep ${bytes(found.deadBytes)} of ${found.deadBlocks === 1 ? "an object whose" : "objects whose"} deinit is over` +
      `${row && at(row) ? `, such as those allocated in ${at(row)}` : ""}.`,
    advice: "A weak reference keeps no memory, and tells that the object is gone.", href: "#leaks" }];
}

/** What grows for ever and has little so far can wait; so can what a runtime keeps, which no line of the program changes. */
function growthLevel(report, row, held) {
  if (row.isRuntime) return "look";
  return row.verdict === "leak" || held >= Math.max(growthFloor, 0.05 * report.summary.peakBytes) ? "problem" : "look";
}

const growthFloor = 64 * 1024;

/** The most that a row held: the last sample is that of the exit, which may have freed everything. */
function mostOf(row) {
  return row.bytes.reduce((most, value) => Math.max(most, value), 0);
}

/** What leaked is told as such, with its cause; that it grew is one thing more to know of it. */
function leaksThatGrow(rows) {
  if (rows.length === 0) return [];
  const [first] = [...rows].sort((a, b) => mostOf(b) - mostOf(a));
  return [{ level: "look", weight: rows.reduce((sum, row) => sum + mostOf(row), 0), title: "What leaks grows from sample to sample",
    text: `Most at ${at(first) || first.name}, by ${bytes(first.bytesPerSecond)} a second (${confidence(first.confidence)}). ${first.reason}`,
    href: format("growth", { "growth-filter": "leak" }) }];
}

/** The field that keeps one object of a type alive, from the way that leads to it. */
function keeper(types, row) {
  const path = row.kind === "type" ? types.find((type) => type.name === row.name)?.retainerPath : null;
  const last = path?.steps[path.steps.length - 2];
  return last?.field ? ` One of them is kept alive by \`${last.type}.${last.field}\`.` : "";
}

/** Tasks that the line of a row created and that do not go on. */
function suspendedAt(taskSites, row) {
  return row.function ? taskSites.find((site) => site.suspended >= 100 && ["function", "file", "line"].every((key) => site[key] === row[key])) : undefined;
}

const waiting = "If they should have gone on: look for a continuation that is never resumed, or a stream that is never finished.";

/** What a row that grows without bound asks for; of a runtime's memory nobody can say. */
function growthAdvice({ leaks: found, types, taskSites, notCollected }, row) {
  if (row.isRuntime || row.verdict !== "unbounded") return "";
  if (suspendedAt(taskSites, row)) return waiting;
  if (found.blocks === null) return "Run it once more with `memscope run --leaks`, which tells what is lost from what is kept.";
  const ask = notCollected["types.retainerPath"] ? " `memscope run --ownership-graph` finds who keeps what." : "";
  return `Remove what is no longer needed from where it is kept, or give that a limit.${keeper(types, row) || ask}`;
}

function growth(report) {
  const told = report.growth.filter((row) => row.verdict === "leak" && report.leaks.blocks > 0);
  const rest = report.growth.filter((row) => !told.includes(row) && (row.verdict === "leak" || row.verdict === "unbounded"))
    // Nobody can do anything about a few blocks of a runtime.
    .filter((row) => !row.isRuntime || mostOf(row) >= growthFloor);
  const found = rest.map((row) => {
    const held = mostOf(row);
    const tasks = suspendedAt(report.taskSites, row);
    return {
      level: growthLevel(report, row, held), weight: held,
      title: `${row.name || row.function} ${row.verdict === "leak" ? "leaks" : "grows without bound"}`,
      text: `${row.file ? `At ${place(row)} it` : "It"} gained ${bytes(row.bytesPerSecond)} a second and reached ${bytes(held)} (${confidence(row.confidence)}). ${row.reason}` +
        (tasks ? ` ${plural(tasks.suspended, "task")} that it created are suspended.` : ""),
      advice: growthAdvice(report, row), href: format("growth", { "growth-filter": nameAndPlace(row) }),
    };
  });
  const shown = found.sort(worstFirst).slice(0, 4);
  // The same advice over and over is read once.
  shown.forEach((finding, index) => { if (shown.slice(0, index).some((other) => other.advice === finding.advice)) finding.advice = ""; });
  const findings = [...shown, ...leaksThatGrow(told)];
  if (report.notCollected.growth) {
    findings.push({ level: "unknown", weight: 0, title: "Whether anything grows is not known", text: report.notCollected.growth, href: "#growth" });
  }
  return findings;
}

/** Whether runs leave something behind, and a good part of that is still there. */
export function leavesMemory(row) {
  const { ended, retainedBytes } = row.runs;
  return ended >= 10 && retainedBytes.median > 0 && row.liveBytes > 0.3 * retainedBytes.mean * ended;
}

function scopes(report) {
  return report.scopes.filter((row) => row.parent < 0 && leavesMemory(row))
    .map((row) => ({
      level: "look", weight: row.runs.retainedBytes.mean * row.runs.ended, title: `Each run of ${row.name} leaves memory behind`,
      text: `${bytes(row.runs.retainedBytes.median)} at the median, ${bytes(row.runs.retainedBytes.largest)} at most, in ` +
        `${plural(row.runs.ended, "run")}; ${bytes(row.liveBytes)} of it live now.`, href: format("scopes", { scope: row.name }),
    })).sort((a, b) => b.weight - a.weight).slice(0, 3);
}

function tasks(report) {
  const outlived = report.tasks.filter((task) => task.hasOutlivedScope);
  const findings = [];
  if (outlived.length > 0) {
    const held = outlived.reduce((sum, task) => sum + task.liveBytes, 0);
    findings.push({ level: "look", weight: held,
      title: `${plural(outlived.length, "task")} outlived the scope that created ${outlived.length === 1 ? "it" : "them"}`,
      text: `${outlived.length === 1 ? "It holds" : "They hold"} ${bytes(held)}. A task that never ends keeps all it captured.`,
      advice: `Await ${outlived.length === 1 ? "it" : "them"} before the scope ends, or cancel ${outlived.length === 1 ? "it" : "them"} then.`,
      href: format("tasks", { "tasks-filter": "outlived" }) });
  }
  for (const site of report.taskSites.filter((row) => row.suspended >= 100).slice(0, 2)) {
    findings.push({ level: "look", weight: site.liveBytes,
      title: `${plural(site.suspended, "task")} of one place ${site.suspended === 1 ? "is" : "are"} suspended`,
      text: `Created in ${at(site)}.${site.liveBytes > 0 ? ` What they allocated and still hold is ${bytes(site.liveBytes)}.` : ""} They are as many connections, or one mistake.`,
      advice: waiting,
      href: format("tasks", { "task-sites-sort": "suspended" }) });
  }
  return findings;
}

function passing(report) {
  const { summary, temporaries } = report;
  const findings = [];
  if (summary.allocations >= 10_000 && summary.temporaries > 0.25 * summary.allocations) {
    const first = temporaries.callSites[0];
    findings.push({ level: "look", weight: temporaries.bytes / 100,
      title: `${share(summary.temporaries, summary.allocations)} of all allocations live only for a moment`,
      text: `${plural(summary.temporaries, "block")} were freed before their thread allocated again${first ? `, most of them from ${at(first)}` : ""}.`,
      advice: "A buffer that is kept and used again would save them.", href: format("sites", { "sites-sort": "temporaries" }) });
  }
  if (summary.peakBytes > 2 * summary.liveBytes && summary.peakBytes > 1 << 20) {
    const holder = report.peak.holders[0];
    findings.push({ level: "look", weight: (summary.peakBytes - summary.liveBytes) / 10,
      title: `At its peak the heap was ${bytes(summary.peakBytes)}`,
      text: `That was after ${duration(report.peak.time)}; now ${bytes(summary.liveBytes)} are live.` +
        (holder ? ` ${at(holder)} held ${bytes(holder.peakBytes)} then.` : ""), href: format("flame", { metric: "peakBytes" }) });
  }
  return findings;
}

function threads(report) {
  const moved = report.handovers.reduce((sum, pair) => sum + pair.frees, 0);
  if (report.summary.frees < 1_000 || moved < 0.3 * report.summary.frees) return [];
  return [{ level: "look", weight: report.handovers.reduce((sum, pair) => sum + pair.bytes, 0) / 100,
    title: `${share(moved, report.summary.frees)} of all frees are by another thread than the one that allocated`,
    text: "Such blocks go back to the arena of the thread that allocated them, where they may not be needed.", href: "#threads" }];
}

const guesses = {
  copyOnWriteStorm: (row) => `${row.function || row.type} copies its storage ${count(row.count)} times`,
  couldBeStruct: (row) => `${row.type} could be a struct`,
};

/** Memory that is resident and neither live heap nor the tracker's. */
function resident(report) {
  const { memory } = report;
  const known = (memory?.liveBytes ?? 0) + (memory?.trackerBytes ?? 0);
  const rest = (memory?.residentBytes ?? 0) - known;
  if (rest < 256 * 1024 * 1024 || rest < 3 * known) return [];
  return [{ level: "look", weight: rest / 10, title: `${bytes(rest)} are resident beside the live heap`,
    text: "Code, stacks, mapped files, and free blocks that the allocator keeps: see what is known of it.", href: "#memory" }];
}

/** Objects of the runtime itself; its storages are not, they are arrays and dictionaries of the program. */
const ofTheRuntime = /^(Swift|_Concurrency|Dispatch)\.(?!_*[A-Za-z]*Storage)/;

/** What many threads retain and release, and often enough for that to matter: how long anyone waited is not measured. */
function contended(report) {
  const { objects = [], thresholds } = report.retainLedger ?? {};
  const seconds = report.process.durationNanoseconds / 1e9;
  const busy = objects.filter((row) => row.isContended && (row.name || !ofTheRuntime.test(row.type)))
    .map((row) => ({ ...row, rate: seconds > 0 ? (row.retains + row.releases) / seconds : 0 }))
    .filter((row) => row.rate >= thresholds.stormEventsPerSecond).sort((a, b) => b.rate - a.rate);
  return busy.slice(0, 2).map((row) => ({ level: "look", weight: 0,
    title: `${row.name ?? row.type} is retained and released by ${plural(row.threads, "thread")}`,
    text: `${count(row.rate)} times a second over the whole run: threads that do so at once may contend for its reference count.`,
    href: format("ownership", { "retained-filter": row.address }) }));
}

function concluded(report) {
  const findings = report.inferences.slice(0, 4).map((row) => ({
    level: "look", weight: row.bytes, title: guesses[row.kind]?.(row) ?? row.kind, text: `${row.text} (${confidence(row.confidence)})`,
    href: format("inferences", { "inferences-filter": row.function ? nameAndPlace(row) : row.type }),
  }));
  findings.push(...contended(report));
  for (const row of report.retainLedger?.sites?.filter((each) => each.isStorm).slice(0, 2) ?? []) {
    findings.push({ level: "look", weight: 0, title: `${row.function} retains and releases ${count(row.eventsPerSecond)} times a second`,
      text: `In ${at(row)}: ${count(row.retains)} retains in all.`,
      advice: "Take the reference once, before the loop, or pass it as a `borrowing` parameter.",
      href: format("ownership", { "retain-sites-filter": nameAndPlace(row) }) });
  }
  for (const row of report.safety.slice(0, 3)) {
    findings.push({ level: "problem", weight: row.bytes ?? 0, title: row.text ?? row.kind ?? "Suspicious use of memory",
      text: at(row), href: "#safety" });
  }
  return findings;
}

function trust(report) {
  const { capture } = report;
  if (report.summary.allocations === 0) {
    return [{ level: "unknown", weight: 1, title: "No allocation was seen", href: "#honesty",
      text: "The program allocated nothing while it was tracked, or not with malloc, calloc and their kin: memory of an allocator of its own is not seen." }];
  }
  if (capture.droppedEvents > 0) {
    return [{ level: "unknown", weight: 1, title: "Not everything was recorded",
      text: `${plural(capture.droppedEvents, "event")} were dropped, so figures are lower bounds.`, href: "#honesty" }];
  }
  return [{ level: "fine", weight: 0, title: capture.mode === "exact" ? "Nothing was lost" : "Figures are estimated",
    href: "#honesty",
    text: capture.mode === "exact"
      ? `${plural(capture.events, "allocation and free", "allocations and frees")} were counted one by one.`
      : "The program was sampled; figures are unbiased estimates." }];
}

/**
 * All findings, worst first.
 * @returns {Finding[]}
 */
export function findings(report) {
  const all = [leaks, dead, growth, scopes, tasks, passing, threads, resident, concluded, trust].flatMap((find) => find(report));
  return all.sort(worstFirst);
}

/**
 * One sentence over all: is something wrong?
 * @param {Finding[]} all
 */
export function judgement(all) {
  const problems = all.filter((finding) => finding.level === "problem").length;
  const looks = all.filter((finding) => finding.level === "look").length;
  const unknown = all.some((finding) => finding.level === "unknown");
  if (problems > 0) return `${plural(problems, "problem")} found.`;
  const rest = looks > 0 ? `${plural(looks, "thing")} to look at.` : "Nothing stands out.";
  return unknown ? `No problem found among what was measured. ${rest}` : `No problem found. ${rest}`;
}

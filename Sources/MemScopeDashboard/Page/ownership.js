// Who shares what: objects with several owners, and who refers to them.

import { element, link, nothing, notice } from "#page/elements";
import { framed, named } from "#page/columns";
import { bytes, count, plural } from "#page/figures";
import { ledger } from "#page/ledger";
import { table } from "#page/table";

const kinds = { heapOwner: "object", container: "container", value: "value", stackOwner: "on a stack" };

function referrers(row) {
  const rows = row.referrers ?? [];
  const where = (each) => each.root && each.frame ? `${each.frame}, on ${each.root}` : each.root ?? each.frame ?? each.name ?? each.type;
  return element("details", {},
    element("summary", {}, `${plural(rows.reduce((sum, each) => sum + each.count, 0) + (row.referrersLeftOut ?? 0), "referrer")}`),
    element("ul", { class: "notes" }, ...rows.map((each) => element("li", {},
      element("span", { class: "function", title: each.whyNoFrame ?? "" }, where(each)), each.field ? `.${each.field}` : "",
      each.count > 1 ? ` × ${count(each.count)}` : "", " ", element("span", { class: "place" },
        [each.root || each.frame ? each.type : kinds[each.kind], each.address].filter(Boolean).join(" · ")))),
    row.referrersLeftOut ? element("li", { class: "muted" }, `${count(row.referrersLeftOut)} more ${row.referrersLeftOut === 1 ? "is" : "are"} not listed.`) : null));
}

/** What only objects with reference counts have. */
const counts = [
  { label: "Strong", key: "strong", text: count, says: "Strong references" },
  { label: "Unowned", key: "unowned", text: count, says: "Unowned references" },
  { label: "Weak", key: "weak", text: count, says: "Weak references" },
];

function sharedObjects(found, tree) {
  const shared = found.shared ?? [];
  return element("div", {},
    element("p", {}, `${plural(found.objects, "object")} ${found.objects === 1 ? "has" : "have"} more than one owner: ${bytes(found.sharedBytes)} that die only when the last of them lets go.`,
      found.selection && found.selection !== "largest" ? element("span", { class: "muted" }, ` Looked at: ${found.selection.replace(/^types:/, "")}.`) : null),
    shared.length < found.objects && shared.length > 0
      ? element("p", { class: "muted" }, shared.length === 1 ? "The one that keeps most is listed." : `The ${count(shared.length)} that keep most are listed.`) : null,
    table([
      named("Object", (row) => row.name ?? row.type, (row) => [row.name ? row.type : null, kinds[row.kind],
        row.address].filter(Boolean).join(" · ")),
      { label: "Keeps", key: "retainedBytes", text: bytes, bar: true, says: "With everything that only it leads to" },
      { label: "Bytes", key: "bytes", text: bytes },
      ...counts.filter(({ key }) => shared.some((row) => typeof row[key] === "number")),
      { label: "Referred to by", cell: referrers, plain: (row) => (row.referrers ?? []).map((each) =>
        `${each.root ?? each.name ?? each.type}.${each.field ?? ""}`).join("; ") },
      framed("Allocated in", tree),
    ], shared, { name: "shared", sort: "retainedBytes", caption: "Shared objects",
      empty: "No object has more than one owner." }),
    found.chains?.length ? element("div", {}, element("h3", {}, "Chains of single owners"),
      table([named("Chain", (row) => row.links.map((step) => (step.field ? `${step.type}.${step.field}` : step.type)).join(" → ")),
        { label: "Bytes", key: "bytes", text: bytes, bar: true },
        { label: "Instances", key: "instances", text: count }],
      found.chains, { name: "chains", sort: "bytes", limit: 15 })) : null);
}

/** What the program named, with how much of it is there. */
function names(rows) {
  return element("div", {}, element("h3", {}, "Names that the program gave"),
    table([named("Name", (row) => row.name, (row) => `${row.file}:${row.line}`),
      { label: "Blocks", key: "blocks", text: count, says: "Blocks that got the name" },
      { label: "Live", key: "liveBlocks", text: count, bar: true },
      { label: "Freed", key: "freedBlocks", text: count }],
    rows, { name: "names", sort: "liveBlocks", limit: 15 }));
}

/** @param {import("#page/data").Page} page */
export function ownership({ report, tree }) {
  const { ownership: found, retainLedger, notCollected } = report;
  return element("div", {},
    element("h3", {}, "Shared objects"),
    found && notCollected.ownership ? notice(notCollected.ownership) : null,
    found ? sharedObjects(found, tree) : nothing(notCollected.ownership ?? "Who shares what was not looked at."),
    report.tracked?.length ? names(report.tracked) : null,
    element("h3", {}, "Retains and releases"),
    retainLedger && retainLedger.state === "on" ? ledger(retainLedger, tree)
      : nothing(retainLedger?.sentence || notCollected.retainLedger || "Retains and releases were not recorded."),
    retainLedger?.state === "declined" ? notice("Asked for, and declined: ", retainLedger.sentence ?? "") : null,
    report.cycles.length > 0
      ? element("p", { class: "muted" }, `${plural(report.cycles.length, "shape")} of cycle: see `, link("#leaks", "Leaks and cycles"), ".") : null);
}

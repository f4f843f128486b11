// Who shares what: objects with several owners and who refers to them, and who retained and released.

import { badge, element, frameText, nothing, notice } from "#page/elements";
import { framed, named } from "#page/columns";
import { bytes, count, plural, share } from "#page/figures";
import { table } from "#page/table";

const kinds = { heapOwner: "object", container: "container", value: "value", stackOwner: "on a stack" };

function referrers(row) {
  const rows = row.referrers ?? [];
  return element("details", {},
    element("summary", {}, `${plural(rows.reduce((sum, each) => sum + each.count, 0) + (row.referrersLeftOut ?? 0), "referrer")}`),
    element("ul", { class: "notes" }, ...rows.map((each) => element("li", {},
      element("span", { class: "function" }, each.root ?? each.frame ?? each.name ?? each.type), each.field ? `.${each.field}` : "",
      each.count > 1 ? ` × ${count(each.count)}` : "", " ", element("span", { class: "place" },
        [each.root || each.frame ? each.type : kinds[each.kind], each.address].filter(Boolean).join(" · ")))),
    row.referrersLeftOut ? element("li", { class: "muted" }, `${count(row.referrersLeftOut)} more are not listed.`) : null));
}

function sharedObjects(found, tree) {
  return element("div", {},
    element("p", {}, `${plural(found.objects, "object")} ${found.objects === 1 ? "has" : "have"} more than one owner: ${bytes(found.sharedBytes)} that die only when the last of them lets go.`,
      found.selection ? element("span", { class: "muted" }, ` Looked at: ${found.selection}.`) : null),
    table([
      named("Object", (row) => row.name ?? row.type, (row) => [row.name ? row.type : null, kinds[row.kind],
        row.address].filter(Boolean).join(" · ")),
      { label: "Strong", key: "strong", text: count, bar: true, says: "Strong references" },
      { label: "Unowned", key: "unowned", text: count },
      { label: "Weak", key: "weak", text: count },
      { label: "Bytes", key: "bytes", text: bytes },
      { label: "Keeps", key: "retainedBytes", text: bytes,
        says: "With everything that only it leads to" },
      { label: "Referred to by", cell: referrers, plain: (row) => (row.referrers ?? []).map((each) =>
        `${each.root ?? each.name ?? each.type}.${each.field ?? ""}`).join("; ") },
      framed("Allocated in", tree),
    ], found.shared ?? [], { name: "shared", sort: "strong", caption: "Shared objects",
      empty: "No object has more than one owner." }),
    found.chains?.length ? element("div", {}, element("h3", {}, "Chains of single owners"),
      table([named("Chain", (row) => row.links.map((step) => (step.field ? `${step.type}.${step.field}` : step.type)).join(" → ")),
        { label: "Bytes", key: "bytes", text: bytes, bar: true },
        { label: "Instances", key: "instances", text: count }],
      found.chains, { name: "chains", sort: "bytes", limit: 15 })) : null);
}

function unmatched(row) {
  if (!row.unmatched?.length) return "";
  return element("details", {}, element("summary", {}, plural(row.unmatched.reduce((sum, each) => sum + each.count, 0),
    "retain") + " without a release"),
    ...row.unmatched.map((each) => element("div", {}, element("p", {},
      `${count(each.count)} ×, ${each.task ? `task ${each.task}` : `thread ${each.thread}`}`),
      element("ol", { class: "notes" }, ...each.stack.map((frame) => element("li", {}, frameText(frame)))))));
}

function ledger(found) {
  const coverage = found.coverage?.share;
  return element("div", {},
    element("p", {}, `${count(found.retains)} retains and ${count(found.releases)} releases of what was selected${found.selection ? ` (${found.selection})` : ""}. `,
      typeof coverage === "number" ? badge(`${share(coverage, 1)} seen`, "trust") : null, " ",
        element("span", { class: "muted" }, found.coverage?.sentence ?? "")),
    table([named("Object", (row) => row.name ?? row.type, (row) =>
      `${row.name ? `${row.type} · ` : ""}${row.address}${row.isContended ? " · contended" : ""}`),
      { label: "Balance", key: "balance", text: count, says: "Retains without a release" },
      { label: "Retains", key: "retains", text: count, bar: true },
      { label: "Releases", key: "releases", text: count },
      { label: "Most at once", key: "peakStrong", text: count },
      { label: "Threads", key: "threads", text: count },
      { label: "Tasks", key: "tasks", text: count },
      { label: "Never released", cell: unmatched, plain: (row) => (row.unmatched ?? []).map((each) =>
        each.stack[0]?.function).join("; ") }],
    found.objects ?? [], { name: "retained", sort: "retains", caption: "Objects by retains" }),
    element("h3", {}, "By type"),
    table([named("Type", (row) => row.name),
      { label: "Objects", key: "objects", text: count },
      { label: "Retains", key: "retains", text: count, bar: true },
      { label: "Releases", key: "releases", text: count },
      { label: "Balance", key: "balance", text: count },
      { label: "Most at once", key: "peakStrong", text: count }],
    found.types ?? [], { name: "retained-types", sort: "retains", limit: 15 }),
    element("h3", {}, "By place"),
    table([{ ...framed("Function"), cell: (row) => element("div", {}, frameText(row), row.isStorm ? badge("storm", "cut") : null) },
      { label: "Retains", key: "retains", text: count, bar: true },
      { label: "Releases", key: "releases", text: count },
      { label: "A second", key: "eventsPerSecond", text: count }],
    found.sites ?? [], { name: "retain-sites", sort: "retains", limit: 15 }));
}

/** @param {import("#page/data").Page} page */
export function ownership({ report, tree }) {
  const { ownership: found, retainLedger, notCollected } = report;
  return element("div", {},
    element("h3", {}, "Shared objects"),
    found ? sharedObjects(found, tree) : nothing(notCollected.ownership ?? "Who shares what was not looked at."),
    element("h3", {}, "Retains and releases"),
    retainLedger && retainLedger.state === "on" ? ledger(retainLedger)
      : nothing(retainLedger?.sentence || notCollected.retainLedger || "Retains and releases were not recorded."),
    retainLedger?.state === "declined" ? notice("Asked for, and declined: ", retainLedger.sentence ?? "") : null,
    report.cycles.length > 0
      ? element("p", { class: "muted" }, `${plural(report.cycles.length, "shape")} of cycle: see Leaks and cycles.`) : null);
}

// The retain ledger: which objects were retained and not released, and where retains and releases are made.

import { badge, breakable, element, frameText } from "#page/elements";
import { flameOf, framed, named } from "#page/columns";
import { count, plural, share } from "#page/figures";
import { table } from "#page/table";

const takes = { origin: "the reference it was made with", retain: "a retain" };

/**
 * The program's own frames of a stack, all of it if none is. Pure.
 * @param {object[]} stack
 */
export function ownFrames(stack) {
  const own = stack.filter((frame) => !frame.isRuntime);
  return own.length > 0 ? own : stack;
}

/** Who took a reference, as far as that is known: those of a type's objects are many's. */
function actor(each) {
  if (each.task !== null && each.task !== undefined) return `, task ${each.task}`;
  return each.thread === undefined ? "" : `, thread ${each.thread}`;
}

/** What no release has taken back, by stack. */
function unmatched(row) {
  if (!row.unmatched?.length) return "–";
  const sum = row.unmatched.reduce((total, each) => total + each.count, row.unlisted ?? 0);
  const taken = row.unmatched.map((each) => element("div", {},
    element("p", {}, `${count(each.count)} × ${takes[each.kind] ?? "a retain"}${actor(each)}`),
    element("ol", { class: "notes" }, ...ownFrames(each.stack).slice(0, 30).map((frame) => element("li", {}, frameText(frame))))));
  return element("details", {}, element("summary", {}, `${count(sum)} without a release`), ...taken);
}

const firstFunctions = (row) => (row.unmatched ?? []).map((each) => ownFrames(each.stack)[0]?.function).join("; ");

function objectCell(row) {
  const least = row.involvedAccuracy === "estimated" ? "at least " : "";
  const detail = [row.name ? row.type : null, row.address, least + plural(row.threads, "thread"), least + plural(row.tasks, "task")];
  return element("div", {},
    element("div", { class: "function" }, ...breakable(row.name ?? row.type), " ",
      row.isContended ? badge("contended", "cut") : null, row.isLeaked ? badge("leaked", "cut") : null, row.hasEnded ? badge("ended") : null),
    element("div", { class: "place" }, detail.filter(Boolean).join(" · ")));
}

function objects(found) {
  return table([
    { label: "Object", cell: objectCell, plain: (row) => `${row.name ?? ""} ${row.type} ${row.address}${row.isContended ? " contended" : ""}` },
    { label: "Balance", key: "balance", text: count, says: "References that no release has taken back" },
    { label: "Not released", cell: unmatched, plain: firstFunctions },
    { label: "Retains", key: "retains", text: count, bar: true },
    { label: "Releases", key: "releases", text: count },
    { label: "Most at once", key: "peakStrong", text: count, says: "The most strong references it had" },
  ], found.objects ?? [], { name: "retained", sort: "balance", limit: 15, caption: "Objects by what was not released" });
}

function types(found) {
  return table([
    named("Type", (row) => row.name),
    { label: "Objects", key: "objects", text: count },
    { label: "Balance", key: "balance", text: count },
    { label: "Not released", cell: unmatched, plain: firstFunctions },
    { label: "Retains", key: "retains", text: count, bar: true },
    { label: "Releases", key: "releases", text: count },
    { label: "Most at once", key: "peakStrong", text: count },
  ], found.types ?? [], { name: "retained-types", sort: "retains", limit: 15, caption: "Retains by type" });
}

function sites(found, tree) {
  const cell = (row) => element("div", {}, frameText(row, flameOf(row, tree)), row.isStorm ? badge("storm", "cut") : null);
  return table([
    { ...framed("Function"), cell },
    { label: "Retains", key: "retains", text: count, bar: true },
    { label: "Releases", key: "releases", text: count },
    { label: "A second", key: "eventsPerSecond", text: count, says: "Retains and releases a second" },
  ], found.sites ?? [], { name: "retain-sites", sort: "retains", limit: 15, caption: "Retains by place" });
}

/**
 * @param {object} found the report's retainLedger
 * @param {import("#page/calltree").CallTree} tree
 */
export function ledger(found, tree) {
  const coverage = found.coverage?.share;
  return element("div", {},
    element("p", {}, `${count(found.retains)} retains and ${count(found.releases)} releases`,
      found.selection ? ` of ${found.selection.replace(/^types:/, "")}. ` : ". ",
      typeof coverage === "number" ? badge(`${share(coverage, 1)} seen`, "trust") : null, " ",
      element("span", { class: "muted" }, found.coverage?.sentence ?? "")),
    objects(found), element("h3", {}, "By type"), types(found), element("h3", {}, "By place"), sites(found, tree));
}

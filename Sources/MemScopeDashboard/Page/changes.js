// What changed from an older report: the figures of the whole, then rows by what changed most.

import { format } from "#page/address";
import { joined } from "#page/compare";
import { badge, breakable, element, link } from "#page/elements";
import { bytes, count, duration, instant, signed } from "#page/figures";
import { leakKinds } from "#page/leaks";
import { table } from "#page/table";

/** One line of the comparison. Signs stand beside the colours. */
function amount(value, text) {
  return element("span", { class: value > 0 ? "grew" : value < 0 ? "shrank" : "" }, signed(value, text));
}

/** @type {[string, string, (value: number) => string][]} */
const totals = [["Live bytes", "liveBytes", bytes], ["Live blocks", "liveBlocks", count], ["Bytes at the peak", "peakBytes", bytes],
  ["Allocated bytes", "allocatedBytes", bytes], ["Allocations", "allocations", count], ["Temporary blocks", "temporaries", count]];

function wholes(report, base) {
  const rows = totals.map(([label, key, text]) => ({ label, before: base.summary[key], after: report.summary[key], text }));
  if (report.leaks.bytes !== null && base.leaks.bytes !== null) {
    rows.push({ label: "Leaked bytes", before: base.leaks.bytes, after: report.leaks.bytes, text: bytes });
  }
  rows.push({ label: "Run time", before: base.process.durationNanoseconds, after: report.process.durationNanoseconds, text: duration });
  const percent = ({ before, after }) => (before > 0 && after !== before
    ? signed(Math.round((100 * (after - before)) / before), (value) => `${value} %`) : "");
  return table([
    { label: "Figure", plain: (row) => row.label, cell: (row) => element("span", {}, row.label) },
    ...["before", "after"].map((key) => ({ label: key === "before" ? "Before" : "After", key, cell: (row) => element("span", {}, row.text(row[key])) })),
    { label: "Change", key: "change", cell: (row) =>
      element("span", {}, amount(row.after - row.before, row.text), " ", element("span", { class: "muted" }, percent(row))) },
  ], rows.map((row) => ({ ...row, change: row.after - row.before })), { name: "totals", plain: true, caption: "Totals, before and after" });
}

/** @typedef {{key: string, label: string, text: (value: number) => string}} Figure */

/**
 * The figures that every owner of memory has.
 * @type {Figure[]}
 */
const owned = [{ key: "liveBytes", label: "Live", text: bytes }, { key: "liveBlocks", label: "Live blocks", text: count },
  { key: "allocatedBytes", label: "Allocated", text: bytes }, { key: "allocations", label: "Allocations", text: count }];

/**
 * A column with a change, and below it what was and what is.
 * @param {Figure} figure
 * @returns {import("#page/table").Column}
 */
function column({ key, label, text }) {
  const was = (row) => row[`${key}Before`];
  const is = (row) => row[`${key}After`];
  /** @type {import("#page/table").Column["fields"]} */
  const fields = [[`${label} before`, was], [`${label} after`, is], [`${label} change`, (row) => row[`${key}Change`]]];
  return {
    label, key: `${key}Change`, fields,
    cell: (row) => element("span", {}, amount(row[`${key}Change`], text),
      element("div", { class: "place" }, was(row) === is(row) ? text(is(row)) : `${text(was(row))} → ${text(is(row))}`)),
  };
}

/**
 * Rows of one kind that changed, those first that changed most by the first figure; what is only allocated counts a thousandth of it.
 * @param {{label: string, head: string, name: string, figures?: Figure[]}} kind
 * @param {(row: object) => string} keyOf what a row is in both reports: its title, and behind a line's end where that is
 */
function changed({ label, head, name, figures = owned }, before, after, keyOf) {
  const keys = figures.map((figure) => figure.key);
  const rows = joined(before, after, keyOf, keys)
    .filter((row) => keys.some((key) => row[`${key}Change`] !== 0))
    .map((row) => {
      const [title, ...where] = keyOf(row).split("\n");
      return { ...row, title, where: where.join(" "),
        size: Math.max(Math.abs(row[`${keys[0]}Change`]), Math.abs(row.allocatedBytesChange ?? 0) / 1000) };
    })
    .sort((a, b) => b.size - a.size);
  const cell = (row) => element("div", {},
    element("div", { class: "function" }, ...breakable(row.title), " ", row.isNew ? badge("new", name === "changed-cycles" ? "cut" : "")
      : row.isGone ? badge("gone") : null),
    element("div", { class: "place" }, row.where));
  return element("div", {}, element("h3", {}, label), table([
    { label: head, plain: (row) => `${row.title} ${row.where}`, cell }, ...figures.map(column),
  ], rows, { name, limit: 20, caption: label, empty: before.length + after.length > 0 ? "Nothing changed." : "Neither report has any." }));
}

/** Where something is, without the line, which moves when somebody edits above it. */
function file(row) {
  return row.file ? row.file.split("/").pop() : row.module ?? "";
}

/** What leaked, and cycles, if both reports looked for them. */
function leaks(report, base) {
  if (report.leaks.blocks === null || base.leaks.blocks === null) {
    const only = report.leaks.blocks === null ? base.leaks.blocks === null ? "in neither report" : "only in the older report"
      : "only in the newer report";
    return element("p", { class: "muted" }, `Leaks are not compared: they were looked for ${only}.`);
  }
  const cycleName = (cycle) => cycle.members.map((member, index) => `${member.type}.${cycle.edges[index].field}`).join(" → ");
  return element("div", {},
    changed({ label: "Retain cycles", head: "Cycle", name: "changed-cycles", figures: [{ key: "retainedBytes", label: "Kept", text: bytes },
      { key: "instances", label: "Instances", text: count }] }, base.cycles, report.cycles, cycleName),
    changed({ label: "Leaks", head: "Type", name: "changed-leaks", figures: [{ key: "retainedBytes", label: "Keeps", text: bytes },
      { key: "bytes", label: "Bytes", text: bytes }, { key: "blocks", label: "Blocks", text: count }] }, base.leaks.groups, report.leaks.groups,
    (row) => `${row.type}\n${leakKinds[row.category] ?? row.category} · ${row.function} ${file(row)}`));
}

function scopePaths(report) {
  return report.scopes.map((row) => {
    const names = [row.name];
    for (let at = row.parent; at >= 0; at = report.scopes[at].parent) names.unshift(report.scopes[at].name);
    return { ...row, path: names.join(" › ") };
  });
}

/** Which run a report is of. */
function run({ process: { executable, captureTime } }) {
  return element("span", { title: executable }, `${executable.split("/").pop() || "unnamed"}, ${captureTime ? instant(captureTime) : "no time known"}`);
}

/** @param {import("#page/data").Page} page */
export function changes({ report, base }) {
  const old = base.report;
  const change = report.summary.liveBytes - old.summary.liveBytes;
  return element("div", {},
    element("p", { class: "judgement" }, change === 0 ? "The live heap is as large as before."
      : `The live heap ${change > 0 ? "grew" : "shrank"} by ${bytes(Math.abs(change))}.`),
    element("p", { class: "muted" },
      "Before: ", run(old), ". After: ", run(report), ". ",
      link(format("flame", {}), "The flame graph shows where"), "."),
    wholes(report, old), leaks(report, old),
    changed({ label: "Types", head: "Type", name: "changed-types" }, old.types, report.types, (row) => row.name),
    changed({ label: "Call sites", head: "Function", name: "changed-sites" }, old.callSites, report.callSites, (row) =>
      `${row.function}\n${file(row)}`),
    changed({ label: "Scopes", head: "Scope", name: "changed-scopes", figures: [...owned, { key: "entries", label: "Entered", text: count }] },
      scopePaths(old), scopePaths(report), (row) => row.path),
    changed({ label: "Tasks by the place that created them", head: "Created in", name: "changed-task-sites", figures: [owned[0], owned[2],
      { key: "created", label: "Created", text: count }, { key: "finished", label: "Finished", text: count },
      { key: "suspended", label: "Suspended", text: count }] }, old.taskSites, report.taskSites, (row) => `${row.function}\n${file(row)} · ${row.kind}`),
    changed({ label: "Tasks that are there", head: "Task", name: "changed-tasks" }, old.tasks, report.tasks, (row) =>
      (row.name ? `${row.name}\n${row.kind}` : "without a name\n")),
    changed({ label: "Threads by name", head: "Thread", name: "changed-threads", figures: [...owned,
      { key: "freedByOthers", label: "Freed by others", text: count }] }, old.threads, report.threads, (row) => row.name || "unnamed"));
}

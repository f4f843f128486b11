// What changed from an older report: the figures of the whole, then rows by what changed most.

import { format } from "#page/address";
import { joined } from "#page/compare";
import { badge, breakable, element, link } from "#page/elements";
import { bytes, count, duration, signed } from "#page/figures";
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

const compared = ["liveBytes", "liveBlocks", "allocatedBytes", "allocations"];

/** Rows of one kind that changed, those first that changed most; what is only allocated counts a thousandth of what lives. */
function changed(label, head, before, after, keyOf, name) {
  const rows = joined(before, after, keyOf, compared)
    .filter((row) => compared.some((figure) => row[`${figure}Change`] !== 0))
    .map((row) => {
      const [title, ...where] = keyOf(row).split("\n");
      return { ...row, title, where: where.join(" "), size: Math.max(Math.abs(row.liveBytesChange), Math.abs(row.allocatedBytesChange) / 1000) };
    })
    .sort((a, b) => b.size - a.size);
  const column = (text, figure, write) => ({
    label: text, key: `${figure}Change`, cell: (row) => amount(row[`${figure}Change`], write),
  });
  const cell = (row) => element("div", {},
    element("div", { class: "function" }, ...breakable(row.title), " ", row.isNew ? badge("new") : row.isGone ? badge("gone") : null),
    element("div", { class: "place" }, row.where));
  return element("div", {}, element("h3", {}, label), table([
    { label: head, plain: (row) => `${row.title} ${row.where}`, cell },
    column("Live", "liveBytes", bytes), column("Live blocks", "liveBlocks", count),
    column("Allocated", "allocatedBytes", bytes), column("Allocations", "allocations", count),
  ], rows, { name, limit: 20, caption: label, empty: "Nothing changed." }));
}

function cycleName(cycle) {
  return cycle.members.map((member, index) => `${member.type}.${cycle.edges[index].field}`).join(" → ");
}

/** Cycles that are in one report only, or keep more or less. */
function cycles(report, base) {
  if (report.leaks.blocks === null || base.leaks.blocks === null) return null;
  const named = (list) => list.map((cycle) => ({ name: cycleName(cycle), liveBytes: cycle.retainedBytes,
    instances: cycle.instances }));
  const rows = joined(named(base.cycles), named(report.cycles), (row) => row.name, ["liveBytes", "instances"]).filter((row) =>
    row.liveBytesChange !== 0 || row.instancesChange !== 0);
  return element("div", {}, element("h3", {}, "Retain cycles"), table([
    { label: "Cycle", plain: (row) => row.name, cell: (row) => element("div", {}, row.name, " ", row.isNew ? badge("new", "cut")
      : row.isGone ? badge("gone") : null) },
    { label: "Kept", key: "liveBytesChange", text: (value) => signed(value, bytes), cell: (row) =>
      amount(row.liveBytesChange, bytes) },
    { label: "Instances", key: "instancesChange", text: (value) => signed(value, count), cell: (row) =>
      amount(row.instancesChange, count) },
  ], rows, { name: "changed-cycles", sort: "liveBytesChange", empty: "The same cycles as before." }));
}

function scopePaths(report) {
  return report.scopes.map((row) => {
    const names = [row.name];
    for (let at = row.parent; at >= 0; at = report.scopes[at].parent) names.unshift(report.scopes[at].name);
    return { ...row, path: names.join(" › ") };
  });
}

/** @param {import("#page/data").Page} page */
export function changes({ report, base }) {
  const old = base.report;
  const change = report.summary.liveBytes - old.summary.liveBytes;
  return element("div", {},
    element("p", { class: "judgement" }, change === 0 ? "The live heap is as large as before."
      : `The live heap ${change > 0 ? "grew" : "shrank"} by ${bytes(Math.abs(change))}.`),
    element("p", { class: "muted" },
      `Before: ${old.process.executable || "unnamed"}, ${old.process.captureTime || "no time known"}. After: ${report.process.executable || "unnamed"}, ${report.process.captureTime || "no time known"}. `,
      link(format("flame", {}), "The flame graph shows where"), "."),
    wholes(report, old), cycles(report, old),
    changed("Types", "Type", old.types, report.types, (row) => row.name, "changed-types"),
    changed("Call sites", "Function", old.callSites, report.callSites, (row) =>
      `${row.function}\n${row.file ? row.file.split("/").pop() : row.module}`, "changed-sites"),
    changed("Scopes", "Scope", scopePaths(old), scopePaths(report), (row) => row.path, "changed-scopes"));
}

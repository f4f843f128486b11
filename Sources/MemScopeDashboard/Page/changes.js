// What changed from an older report: the figures of the whole, then rows by what changed most.

import { format } from "#page/address";
import { joined } from "#page/compare";
import { badge, element, link } from "#page/elements";
import { bytes, count, duration, signed } from "#page/figures";
import { table } from "#page/table";

/** One line of the comparison. Signs stand beside the colours. */
function amount(value, text) {
  return element("span", { class: value > 0 ? "grew" : value < 0 ? "shrank" : "" }, signed(value, text));
}

const totals = [["Live bytes", "liveBytes", bytes], ["Live blocks", "liveBlocks", count], ["Bytes at the peak", "peakBytes", bytes],
  ["Allocated bytes", "allocatedBytes", bytes], ["Allocations", "allocations", count], ["Temporary blocks", "temporaries", count]];

function wholes(report, base) {
  const rows = totals.map(([label, key, text]) => [label, base.summary[key], report.summary[key], text]);
  if (report.leaks.bytes !== null && base.leaks.bytes !== null)
    rows.push(["Leaked bytes", base.leaks.bytes, report.leaks.bytes, bytes]);
  rows.push(["Run time", base.process.durationNanoseconds, report.process.durationNanoseconds, duration]);
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Totals, before and after" },
    element("table", {}, element("caption", { class: "unseen" }, "Totals, before and after"),
    element("thead", {}, element("tr", {}, ...["Figure", "Before", "After", "Change"].map((label, index) =>
      element("th", { scope: "col", class: index ? "number" : null }, label)))),
    element("tbody", {}, ...rows.map(([label, before, after, text]) =>
      element("tr", {}, element("td", {}, label), element("td", { class: "number" }, text(before)),
      element("td", { class: "number" }, text(after)), element("td", { class: "number" }, amount(after - before, text), " ",
        element("span", { class: "muted" }, before > 0 && after !== before
          ? signed(Math.round((100 * (after - before)) / before), (value) => `${value} %`) : "")))))));
}

function changed(label, key, before, after, keyOf, name) {
  const rows = joined(before, after, keyOf, ["liveBytes", "liveBlocks", "allocatedBytes", "allocations"]).map((row) =>
    ({ ...row, title: keyOf(row).split("\n")[0],
    place: keyOf(row).split("\n").slice(1).join(" "), size: Math.max(Math.abs(row.liveBytesChange),
      Math.abs(row.allocatedBytesChange) / 1000) }));
  const moved = rows.filter((row) => row.liveBytesChange !== 0 || row.liveBlocksChange !== 0 || row.allocatedBytesChange !== 0
    || row.allocationsChange !== 0)
    .sort((a, b) => b.size - a.size);
  const column = (text, figure, write) => ({ label: text, key: `${figure}Change`, text: (value) => signed(value, write),
    cell: (row) => amount(row[`${figure}Change`], write) });
  return element("div", {}, element("h3", {}, label), table([
    { label: key, plain: (row) => `${row.title} ${row.place}`, cell: (row) =>
      element("div", {}, element("div", { class: "function" }, row.title, " ", row.isNew ? badge("new") : row.isGone ? badge("gone")
      : null), element("div", { class: "place" }, row.place)) },
    column("Live", "liveBytes", bytes), column("Live blocks", "liveBlocks", count), column("Allocated", "allocatedBytes", bytes),
      column("Allocations", "allocations", count),
  ], moved, { name, limit: 20, caption: label, empty: "Nothing changed." }));
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

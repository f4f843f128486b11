// Types and sizes; the columns and cells that all tables share.

import { element, table } from "#page/elements";
import { bytes, count } from "#page/figures";

/** The columns of the figures that every row has. */
export const figures = [
  { label: "Live", key: "liveBytes", text: bytes },
  { label: "Live blocks", key: "liveBlocks", text: count },
  { label: "Allocated", key: "allocatedBytes", text: bytes },
  { label: "Allocations", key: "allocations", text: count },
  { label: "Frees", key: "frees", text: count },
];

/** The cell that names a row. */
export function name(text, detail) {
  return element("td", { class: "name" }, text, detail ? element("span", { class: "place" }, ` ${detail}`) : null);
}

/** What stands in the place of a table without rows. */
export function empty(report, section, otherwise) {
  return element("p", { class: "muted" }, report.notCollected[section] ?? otherwise);
}

export function types(report) {
  if (report.types.length === 0) return empty(report, "types", "Nothing was allocated.");
  return table([{ label: "Type", cell: (row) => name(row.name, row.kind === "raw" ? "" : row.kind) }, ...figures],
    report.types, { sort: "allocatedBytes", limit: 15 });
}

export function sizes(report) {
  if (report.sizes.length === 0) return empty(report, "sizes", "Nothing was allocated.");
  const range = (row) => (row.from === row.to ? `${count(row.from)} B` : `${count(row.from)} – ${count(row.to)} B`);
  return table([{ label: "Size", cell: (row) => name(range(row)) }, ...figures], report.sizes);
}

// Types and sizes: the census of the heap.

import { format } from "#page/address";
import { badge, breakable, element, link, nothing } from "#page/elements";
import { figures, named } from "#page/columns";
import { bytes, count, duration, signed } from "#page/figures";
import { table } from "#page/table";

/** Columns that only newer reports fill. */
function extra(rows) {
  const known = (key) => rows.some((row) => typeof row[key] === "number");
  return [
    known("growthBytes") ? { label: "Growth", key: "growthBytes", text: (value) => signed(value, bytes),
      says: "Live bytes against the report before" } : null,
    known("chargedBytes") ? { label: "With buffers", key: "chargedBytes", text: bytes,
      says: "Private buffers counted for their owner" } : null,
    known("averageAgeSeconds") ? { label: "Mean age", key: "averageAgeSeconds", text: (value) => duration(value * 1e9) } : null,
  ].filter(Boolean);
}

/** @param {import("#page/data").Page} page */
export function types({ report }) {
  const range = (row) => (row.from === row.to ? `${count(row.from)} B` : `${count(row.from)} – ${count(row.to)} B`);
  const untyped = report.types.find((row) => row.name === "untyped");
  const rows = report.types.map((row) => ({ ...row, mean: row.liveBlocks > 0 ? row.liveBytes / row.liveBlocks : 0 }));
  const name = { ...named("Type", (row) => row.name), plain: (row) => `${row.name} ${row.kind}`,
    cell: (row) => element("div", { class: "function" }, ...breakable(row.name), " ", row.kind !== row.name ? badge(row.kind)
      : null) };
  return element("div", {},
    report.notCollected.types ? nothing(report.notCollected.types) : null,
    report.types.length > 0 ? element("p", { class: "muted" }, untyped
      ? `${bytes(untyped.liveBytes)} live in blocks that hold no Swift object: C strings, buffers, and what C and C++ allocate. `
      : "",
      link(format("flame", { by: "type" }), "As a picture")) : null,
    table([name, ...figures, ...extra(rows), { label: "Mean size", key: "mean", text: bytes }], rows,
      { name: "types", sort: "liveBytes", limit: 50, caption: "Types", empty: "Nothing was allocated." }),
    element("h3", {}, "By size"),
    table([named("Bytes asked for", range), ...figures], report.sizes,
      { name: "sizes", limit: 60, caption: "Sizes", empty: "Nothing was allocated." }));
}

// Columns that many tables share.

import { format } from "#page/address";
import { element, frameText, link, place, trust } from "#page/elements";
import { bytes, count } from "#page/figures";

/** @typedef {import("#page/table").Column} Column */

/** The figures that every owner of memory has. @type {Column[]} */
export const figures = [
  { label: "Live", key: "liveBytes", text: bytes, bar: true, says: "Bytes allocated and not freed" },
  { label: "Live blocks", key: "liveBlocks", text: count, says: "Blocks allocated and not freed" },
  { label: "Allocated", key: "allocatedBytes", text: bytes, says: "Bytes of all allocations, freed or not" },
  { label: "Allocations", key: "allocations", text: count, says: "All blocks, freed or not" },
];

/** The column that names a row. @param {(row: object) => string} text @param {(row: object) => string} [detail] @returns {Column} */
export function named(label, text, detail) {
  return {
    label, plain: (row) => (detail?.(row) ? `${text(row)} ${detail(row)}` : text(row)),
    cell: (row) => element("div", {}, element("div", { class: "function" }, text(row), " ", trust(row)),
      detail?.(row) ? element("div", { class: "place" }, detail(row)) : null),
  };
}

/** A function and its place. @returns {Column} */
export function framed(label) {
  return { label, plain: (row) => `${row.function} ${row.file ? place(row) : row.module ?? ""}`, cell: frameText };
}

/** What leaked, where it was looked for. @returns {Column[]} */
export function leaked(rows) {
  return rows.some((row) => typeof row.leakedBytes === "number")
    ? [{ label: "Leaked", key: "leakedBytes", text: bytes, says: "Bytes that nothing refers to any more" }] : [];
}

/** A way from a row to its place in the flame graph. @param {import("#page/calltree").CallTree} tree @returns {Column} */
export function stacks(tree, metric = null) {
  return {
    label: "Stack",
    cell: (row) => {
      const node = tree.nodeOf(row.node);
      return node < 0 ? element("span", { class: "muted" }, "–")
        : link(format("flame", { node, metric }), "Show", { "aria-label": `Show ${row.function ?? "it"} in the flame graph` });
    },
  };
}

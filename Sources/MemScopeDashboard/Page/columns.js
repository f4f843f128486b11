// Columns that many tables share.

import { format } from "#page/address";
import { breakable, element, frameText, place, trust } from "#page/elements";
import { bytes, count } from "#page/figures";

/** @typedef {import("#page/table").Column} Column */

/**
 * The figures that every owner of memory has.
 * @type {Column[]}
 */
export const figures = [
  { label: "Live", key: "liveBytes", text: bytes, bar: true, says: "Bytes allocated and not freed" },
  { label: "Live blocks", key: "liveBlocks", text: count, says: "Blocks allocated and not freed" },
  { label: "Allocated", key: "allocatedBytes", text: bytes, says: "Bytes of all allocations, freed or not" },
  { label: "Allocations", key: "allocations", text: count, says: "All blocks, freed or not" },
];

/**
 * The column that names a row.
 * @param {(row: object) => string} text
 * @param {(row: object) => string} [detail]
 * @returns {Column}
 */
export function named(label, text, detail) {
  return {
    label, plain: (row) => (detail?.(row) ? `${text(row)} ${detail(row)}` : text(row)),
    cell: (row) => element("div", {}, element("div", { class: "function" }, ...breakable(text(row)), " ", trust(row)),
      detail?.(row) ? element("div", { class: "place" }, detail(row)) : null),
  };
}

/**
 * A function and its place; with a tree the function leads to its place in the flame graph.
 * @param {import("#page/calltree").CallTree} [tree]
 * @param {string | null | ((row: object) => string)} [metric] the figure to show there
 * @returns {Column}
 */
export function framed(label, tree, metric = null) {
  return {
    label, plain: (row) => `${row.function} ${row.file ? place(row) : row.module ?? ""}`,
    fields: [[label, (row) => row.function], ["File", (row) => row.file ?? ""], ["Line", (row) => row.line || ""],
      ["Module", (row) => row.module ?? ""]],
    cell: (row) => frameText(row, flameOf(row, tree, metric)),
  };
}

/** The address of a row's place in the flame graph, if it has one. */
export function flameOf(row, tree, metric = null) {
  const node = row.treeNode ?? (tree ? tree.nodeOf(row.node) : -1);
  return node < 0 ? null : format("flame", { node, metric: typeof metric === "function" ? metric(row) : metric });
}

/**
 * What would go with the owner, where the whole graph is known.
 * @returns {Column[]}
 */
export function heldAlone(rows) {
  return rows.some((row) => typeof row.soleBytes === "number")
    ? [{ label: "Keeps alone", key: "soleBytes", text: bytes, says: "Bytes that can be reached only through it" }] : [];
}

/**
 * What leaked, where it was looked for.
 * @returns {Column[]}
 */
export function leaked(rows) {
  return rows.some((row) => typeof row.leakedBytes === "number")
    ? [{ label: "Leaked", key: "leakedBytes", text: bytes, says: "Bytes that nothing refers to any more" }] : [];
}

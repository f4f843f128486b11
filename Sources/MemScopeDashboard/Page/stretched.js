// What the rows of a section did in a stretch of time, as a table below a line that says which stretch it is.

import { element, notice, trust } from "#page/elements";
import { bytes, count, signed } from "#page/figures";
import { chosenStretch, stretchText, wholeTime } from "#page/stretch";
import { table } from "#page/table";
import { knowsRows, rowsOf } from "#page/window";

/** @typedef {import("#page/table").Column} Column */

/**
 * What every row of a stretch has.
 * @type {Column[]}
 */
export const stretchFigures = [
  { label: "Allocated", key: "allocatedBytes", text: bytes, bar: true, says: "Bytes allocated in this stretch, freed or not" },
  { label: "Allocations", key: "allocations", text: count, says: "Blocks allocated in this stretch, freed or not" },
  { label: "Freed", key: "freedBytes", text: bytes, says: "Bytes freed in this stretch, whenever they had been allocated" },
  { label: "Blocks freed", key: "frees", text: count, says: "Blocks freed in this stretch, whenever they had been allocated" },
  { label: "Change", key: "changeBytes", text: (value) => signed(value, bytes),
    says: "Live bytes at the end of this stretch, less those at its beginning" },
];

/** The stretch that is chosen, if the report knows what the rows of a section did in it. */
export function stretchOf(report, section) {
  const stretch = chosenStretch(report);
  return stretch && knowsRows(report, section) ? stretch : null;
}

/**
 * Which stretch a view is restricted to, and what of it is not.
 * @param {import("#page/data").Page} page
 * @param {{from: number, to: number}} stretch
 * @param {...import("#page/elements").Child} children
 */
export function stretchLine({ base }, stretch, ...children) {
  return notice(`Only what happened in ${stretchText(stretch)}${base ? " of the newer report" : ""}. `,
    ...children.filter(Boolean), " ", wholeTime());
}

/**
 * Rows that did something in the stretch, and what belongs to none.
 * @param {import("#page/data").Page} page
 * @param {string} section
 * @param {{from: number, to: number}} stretch
 * @param {Column} column what names a row
 * @param {string} rest what belongs to none is called
 */
export function stretchTable(page, section, stretch, column, rest, options) {
  const { report } = page;
  const { rows, none } = rowsOf(report, section, stretch);
  const busy = rows.filter((row) => row.allocations > 0 || row.frees > 0);
  const cut = report.notCollected[`timeline.intervals.${section}`];
  const outside = none && (none.allocations > 0 || none.frees > 0)
    ? element("p", { class: "muted outside" }, `${rest}: allocated ${bytes(none.allocatedBytes)} in ${count(none.allocations)} blocks, freed ${bytes(none.freedBytes)}.`) : null;
  return element("div", {},
    table([column, ...stretchFigures], busy, { sort: "allocatedBytes", limit: 50, empty: "None did anything in this stretch.", ...options }),
    outside, cut ? element("p", { class: "muted" }, cut) : null);
}

/**
 * How sure the figures by type are.
 * @returns {Node | null}
 */
export function typesTrust({ timeline: { typesAccuracy, typesConfidence } }) {
  return typesAccuracy === "inferred" ? trust({ accuracy: "inferred", confidence: typesConfidence }) : null;
}

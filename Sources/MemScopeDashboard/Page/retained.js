// What leaked, by what keeps it: each cycle and each block that nothing refers to, and below it what it alone keeps. Pure.

import { count, plural } from "#page/figures";

/** @typedef {import("#page/owners").Row} Row */

/**
 * A row of a finding's tree, as the report has it.
 * @typedef {{parent: number, type: string, isCycle: boolean, field: string | null, blocks: number, bytes: number, retainedBytes: number,
 *   leftOutBlocks: number, leftOutBytes: number}} Kept
 */

/**
 * What leads by itself to everything that leaked: the cycles, and what nothing refers to. Cycles within what others keep stand in the trees
 * of those.
 * @returns {{label: string, detail: string, keeps: number, kept: Kept[]}[]}
 */
export function leads({ cycles, leaks }) {
  return [
    ...cycles.filter((cycle) => cycle.innerBytes < cycle.retainedBytes).map((cycle) => ({ label: cycleName(cycle),
      detail: plural(cycle.instances, "cycle"), keeps: cycle.retainedBytes, kept: cycle.retained })),
    ...leaks.groups.filter((group) => group.category === "definite").map((group) => ({ label: group.type,
      detail: `${plural(group.blocks, "block")}, allocated in ${group.function}`, keeps: group.retainedBytes, kept: group.retained })),
  ].sort((a, b) => b.keeps - a.keeps);
}

/** The types of a cycle, in the order of its references. */
export function cycleName(cycle) {
  return cycle.members.map((member) => member.type).join(" ⇄ ");
}

/** By which reference a row is kept; whose, if it is not plain from the row above. */
function way({ field, parent }, kept) {
  if (!field) return "";
  const holder = parent > 0 ? `${kept[parent].type}.` : "";
  return holder && field.startsWith(holder) ? `, by .${field.slice(holder.length)}` : `, by ${field}`;
}

/**
 * A finding and what it keeps, as rows.
 * @param {{label: string, detail: string, kept: Kept[]}} lead
 * @returns {Row[]}
 */
export function rowsOf({ label, detail, kept }) {
  /** @type {Row[]} */
  const rows = kept.map((row, index) => (index === 0 ? { parent: -1, self: row.bytes, label, detail } : {
    parent: row.parent, self: row.bytes, label: row.isCycle ? `${row.type} in a cycle` : row.type,
    detail: `${count(row.blocks)} ×${way(row, kept)}`,
  }));
  kept.forEach((row, index) => {
    if (row.leftOutBytes > 0) rows.push({ parent: index, self: row.leftOutBytes, label: "not listed one by one",
      detail: plural(row.leftOutBlocks, "block"), hue: 0 });
  });
  return rows;
}

/**
 * Everything that leaked, each block below what alone keeps it.
 * @returns {Row[]}
 */
export function retainedRows(report) {
  /** @type {Row[]} */
  const rows = [];
  for (const lead of leads(report)) {
    const first = rows.length;
    rows.push(...rowsOf(lead).map((row) => ({ ...row, parent: row.parent < 0 ? -1 : first + row.parent })));
  }
  const rest = (report.leaks.bytes ?? 0) - rows.reduce((sum, row) => sum + row.self, 0);
  if (rest > 0) rows.push({ parent: -1, self: rest, label: "held by several of them, or in rows that are not listed", hue: 0 });
  return rows;
}

/**
 * For each type that a finding keeps, the way from the finding to one block of it. The way from what keeps most goes first.
 * @returns {Map<string, {from: string, steps: {type: string, field: string | null}[]}>}
 */
export function ways(report) {
  const found = new Map();
  for (const { label, kept } of leads(report)) {
    kept.forEach((row, index) => {
      if (index === 0 || row.type === "untyped" || found.has(row.type)) return;
      const steps = [];
      for (let at = index; at > 0; at = kept[at].parent) steps.unshift({ type: kept[at].type, field: kept[at].field });
      found.set(row.type, { from: label, steps });
    });
  }
  return found;
}

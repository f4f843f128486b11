// What leaked, by what keeps it: each cycle and each block that nothing refers to, and below it what it is made of. Pure.

/** @typedef {import("#page/owners").Row} Row */

const placeOf = (row) => `${row.type}\n${row.function}\n${row.file}\n${row.line}`;

/** The groups of a cycle's members; what two shapes have in common counts for the one that comes first. */
function membersOf(cycle, groups) {
  const wanted = new Set(cycle.members.map(placeOf));
  const found = [...groups].filter((group) => wanted.has(placeOf(group)));
  for (const group of found) groups.delete(group);
  return found;
}

/**
 * The tree as rows. The report says how much a finding keeps, and of what is held how much there is of each type; whose it is only if one
 * finding alone can hold it.
 * @returns {Row[]}
 */
export function retainedRows(report) {
  const { groups } = report.leaks;
  const loops = new Set(groups.filter((group) => group.category === "cycle"));
  const held = groups.filter((group) => group.category === "held");
  const tops = [
    ...report.cycles.map((cycle) => ({ label: cycle.members.map((member) => member.type).join(" ⇄ "), detail: `${cycle.instances} ×`,
      keeps: cycle.retainedBytes, parts: membersOf(cycle, loops) })),
    ...groups.filter((group) => group.category === "definite").map((group) => ({ label: group.type, detail: `${group.blocks} ×`,
      keeps: group.retainedBytes, parts: [group] })),
  ];
  const rows = [];
  for (const top of tops) {
    const parent = rows.length;
    rows.push({ parent: -1, self: 0, label: top.label, detail: `${top.detail}, with all that it alone keeps` });
    let left = top.keeps;
    for (const part of top.parts) {
      const self = Math.min(part.bytes, left);
      rows.push({ parent, self, label: part.type, detail: `${part.blocks} ×, allocated in ${part.function}` });
      left -= self;
    }
    const below = rows.length;
    if (left > 0) rows.push({ parent, self: tops.length > 1 ? left : 0, label: "what hangs below", detail: "held by it alone", hue: 0 });
    if (left > 0 && tops.length === 1) {
      for (const group of held) {
        const self = Math.min(group.bytes, left);
        rows.push({ parent: below, self, label: group.type, detail: `${group.blocks} ×, allocated in ${group.function}` });
        left -= self;
      }
      rows[below].self = left;
    }
  }
  const rest = (report.leaks.bytes ?? 0) - rows.reduce((sum, row) => sum + row.self, 0);
  if (rest > 0) rows.push({ parent: -1, self: rest, label: "held by several of them, or in rows that are not listed", hue: 0 });
  return rows;
}

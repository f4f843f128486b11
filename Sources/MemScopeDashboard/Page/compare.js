// Two reports side by side: rows by what they are, and call trees as one. All functions are pure.

import { Shape, marks } from "#page/shape";

/**
 * Rows of both reports, joined, with what each figure was and is.
 * @param {object[]} before
 * @param {object[]} after
 * @param {(row: object) => string} keyOf
 * @param {string[]} figures
 * @returns {object[]} the newer row's keys, and for each figure its change `…Change`, `…Before` and `…After`
 */
export function joined(before, after, keyOf, figures) {
  const rows = new Map();
  const add = (list, side) => {
    for (const row of list) {
      const key = keyOf(row);
      if (!rows.has(key)) {
        const empty = Object.fromEntries(figures.flatMap((figure) => [[`${figure}Before`, 0], [`${figure}After`, 0]]));
        rows.set(key, { ...row, ...empty, isNew: side === "After", isGone: side === "Before" });
      }
      const joint = rows.get(key);
      joint.isGone &&= side === "Before";
      for (const figure of figures) joint[figure + side] += row[figure] ?? 0;
    }
  };
  add(before, "Before");
  add(after, "After");
  for (const row of rows.values()) {
    for (const figure of figures) row[`${figure}Change`] = row[`${figure}After`] - row[`${figure}Before`];
  }
  return [...rows.values()];
}

/**
 * Both call trees as one. A node is as wide as the larger of what it had and has, and knows both.
 * Lines are not compared: they move when somebody edits above them.
 */
export function changedTree(oldTree, newTree, key, folds) {
  const ids = new Map();
  const known = new Map();
  const parent = [0];
  const origins = [];
  const before = [0];
  const after = [0];
  const describe = (origin) => origins[origin];
  origins.push(null);
  const place = (tree, sums) => {
    const of = new Int32Array(tree.size);
    const own = tree.self(key);
    sums[0] += own[0];
    for (let node = 1; node < tree.size; node += 1) {
      const above = of[tree.parent[node]];
      if (folds && tree.isRuntime(node)) {
        of[node] = above;
      } else {
        const frame = tree.frame(node);
        const name = `${frame.function}\n${frame.file}\n${frame.module}\n${tree.kinds[node]}`;
        if (!ids.has(name)) ids.set(name, ids.size);
        const step = above * 2 ** 24 + ids.get(name);
        if (!known.has(step)) {
          known.set(step, parent.length);
          parent.push(above);
          origins.push({ tree, node });
          before.push(0);
          after.push(0);
        }
        of[node] = known.get(step);
      }
      sums[of[node]] += own[node];
    }
    return of;
  };
  const ofNew = place(newTree, after);
  place(oldTree, before);
  const width = Float64Array.from(after, (value, node) => Math.max(value, before[node]));
  const shape = new Shape(parent, width, Int32Array.from(parent, (_, node) => node), {
    label: (origin) => describe(origin).tree.name(describe(origin).node),
    detail: (origin) => {
      const frame = describe(origin).tree.frame(describe(origin).node);
      return frame.file ? frame.file.split("/").pop() : frame.module;
    },
    hue: () => 1,
    mark: (origin) => marks[describe(origin).tree.kinds[describe(origin).node]],
  });
  shape.of = ofNew;
  shape.before = summed(parent, before);
  shape.after = summed(parent, after);
  shape.stackText = (node) => (node === 0 ? "" : describe(node).tree.stackText(describe(node).node));
  return shape;
}

function summed(parent, own) {
  const sums = Float64Array.from(own);
  for (let node = parent.length - 1; node > 0; node -= 1) sums[parent[node]] += sums[node];
  return sums;
}

// Two reports side by side: rows by what they are, and call trees as one. All functions are pure.

import { Shape } from "#page/shape";

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
 * Two shapes as one. A node is as wide as the larger of what it had and has, and knows both.
 * @param {Shape} old
 * @param {Shape} fresh
 */
export function changedShape(old, fresh) {
  const ids = new Map();
  const known = new Map();
  const parent = [0];
  const origins = [null];
  const before = [0];
  const after = [0];
  const place = (shape, sums) => {
    const of = new Int32Array(shape.size);
    sums[0] += shape.self[0];
    for (let node = 1; node < shape.size; node += 1) {
      const name = shape.describe.same(shape.origin[node]);
      if (!ids.has(name)) ids.set(name, ids.size);
      const step = of[shape.parent[node]] * 2 ** 24 + ids.get(name);
      if (!known.has(step)) {
        known.set(step, parent.length);
        parent.push(of[shape.parent[node]]);
        origins.push({ shape, node });
        before.push(0);
        after.push(0);
      }
      of[node] = known.get(step);
      sums[of[node]] += shape.self[node];
    }
    return of;
  };
  const ofNew = place(fresh, after);
  place(old, before);
  const width = Float64Array.from(after, (value, node) => Math.max(value, before[node]));
  const shape = new Shape(parent, width, Int32Array.from(parent, (_, node) => node), describeBoth(origins));
  shape.of = fresh.of ? fresh.of.map((node) => ofNew[node]) : null;
  shape.before = summed(parent, before);
  shape.after = summed(parent, after);
  if (fresh.leftOut > 0) shape.leftOut = fresh.leftOut;
  if (fresh.stackText) shape.stackText = (node) => (node === 0 ? "" : origins[node].shape.stackText(origins[node].node));
  return shape;
}

/** Each node as the newer shape describes it, or the older one if only that has it. */
function describeBoth(origins) {
  const ask = (what) => (origin) => {
    const { shape, node } = origins[origin];
    return shape.describe[what](shape.origin[node]);
  };
  const title = (origin) => ask(origins[origin].shape.describe.title ? "title" : "label")(origin);
  return { label: title, detail: ask("detail"), hue: () => 1, mark: ask("mark"), same: ask("same") };
}

function summed(parent, own) {
  const sums = Float64Array.from(own);
  for (let node = parent.length - 1; node > 0; node -= 1) sums[parent[node]] += sums[node];
  return sums;
}

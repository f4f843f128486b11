// What happened in a stretch of time, by stack: from the changes between marks of the timeline. Pure.

/** The figures that a stretch of time has. */
export const windowMetrics = ["grownBytes", "grownBlocks", "allocatedBytes", "allocations"];

/** The intervals that a stretch touches, and where they begin and end. */
export function intervalsIn(intervals, from, to) {
  const touched = [];
  let begin = 0;
  for (const interval of intervals) {
    if (interval.endNanoseconds > from && begin < to) touched.push({ ...interval, beginNanoseconds: begin });
    begin = interval.endNanoseconds;
  }
  return touched;
}

/**
 * Figures of the nodes themselves in a stretch of time.
 * @param {import("#page/calltree").CallTree} tree
 * @returns {{figures: Object<string, Float64Array>, from: number, to: number, freedMore: number}}
 *   `freedMore` is what stacks gave back beyond what they took: it cannot be drawn
 */
export function figuresOf(tree, intervals, from, to) {
  const touched = intervalsIn(intervals, from, to);
  const sums = Array.from({ length: 4 }, () => new Float64Array(tree.size));
  for (const { changes } of touched) {
    for (const [number, ...values] of changes) {
      const node = Math.max(tree.nodeOf(number), 0);
      values.forEach((value, index) => { sums[index][node] += value; });
    }
  }
  const [allocations, allocatedBytes, frees, freedBytes] = sums;
  let freedMore = 0;
  const grownBytes = allocatedBytes.map((value, node) => {
    if (value < freedBytes[node]) freedMore += freedBytes[node] - value;
    return Math.max(value - freedBytes[node], 0);
  });
  const grownBlocks = allocations.map((value, node) => Math.max(value - frees[node], 0));
  return {
    figures: { allocations, allocatedBytes, grownBytes, grownBlocks }, freedMore,
    from: touched[0]?.beginNanoseconds ?? from, to: touched[touched.length - 1]?.endNanoseconds ?? to,
  };
}

/**
 * Call sites in a stretch of time: the innermost frame of each stack that is the program's own, else the innermost of all.
 * @param {import("#page/calltree").CallTree} tree
 * @param {Object<string, Float64Array>} figures of the nodes themselves
 * @returns {object[]} a frame's keys, the figures, and `treeNode`, where most of it was allocated
 */
export function sitesOf(tree, figures) {
  const rows = new Map();
  const ownNode = new Int32Array(tree.size);
  for (let node = 1; node < tree.size; node += 1) ownNode[node] = tree.isRuntime(node) ? ownNode[tree.parent[node]] : node;
  for (let node = 0; node < tree.size; node += 1) {
    if (!(figures.allocations[node] > 0)) continue;
    const at = ownNode[node] || node;
    const key = node === 0 ? -1 : tree.frameOf[at];
    if (!rows.has(key)) {
      const frame = node === 0 ? { function: "(no stack)", file: "", line: 0, module: "" } : tree.frame(at);
      rows.set(key, { ...frame, treeNode: at, most: 0, ...Object.fromEntries(windowMetrics.map((metric) => [metric, 0])) });
    }
    const row = rows.get(key);
    for (const metric of windowMetrics) row[metric] += figures[metric][node];
    if (figures.allocatedBytes[node] > row.most) Object.assign(row, { most: figures.allocatedBytes[node], treeNode: at });
  }
  return [...rows.values()];
}

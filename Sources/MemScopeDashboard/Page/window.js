// What happened in a stretch of time, by stack and by the rows of sections: from the changes between marks of the timeline. Pure.

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

/** Whether the report has what the rows of a section did from instant to instant. */
export function knowsRows({ timeline: { intervals } }, section) {
  return intervals.some((interval) => (interval[section]?.length ?? 0) > 0);
}

const nobody = [0, 0, 0, 0];

function figuresFrom([allocations, allocatedBytes, frees, freedBytes]) {
  const [changeBytes, changeBlocks] = [allocatedBytes - freedBytes, allocations - frees];
  return { allocations, allocatedBytes, frees, freedBytes, changeBytes, changeBlocks, grownBytes: Math.max(changeBytes, 0),
    grownBlocks: Math.max(changeBlocks, 0) };
}

/**
 * The rows of a section with what they did in a stretch of time. Scopes have what inner ones did, too, and their own under
 * `self…`; what belongs to no row is `none`, so all own figures add up to those of the stretch.
 */
export function rowsOf(report, section, { from, to }) {
  const sums = new Map();
  for (const interval of intervalsIn(report.timeline.intervals, from, to)) {
    for (const [row, ...values] of interval[section] ?? []) {
      if (!sums.has(row)) sums.set(row, [...nobody]);
      const sum = sums.get(row);
      values.forEach((value, index) => { sum[index] += value; });
    }
  }
  const own = report[section].map((_, index) => sums.get(index) ?? nobody);
  const all = own.map((sum) => [...sum]);
  // A scope comes after the one around it.
  if (section === "scopes") {
    for (let index = all.length - 1; index >= 0; index -= 1) {
      const { parent } = report.scopes[index];
      if (parent >= 0) all[index].forEach((value, figure) => { all[parent][figure] += value; });
    }
  }
  const ofItself = (sum) => Object.fromEntries(Object.entries(figuresFrom(sum))
    .map(([key, value]) => [`self${key[0].toUpperCase()}${key.slice(1)}`, value]));
  return {
    rows: report[section].map((row, index) => ({ ...row, ...figuresFrom(all[index]),
      ...(section === "scopes" ? ofItself(own[index]) : {}) })),
    none: sums.has(-1) ? figuresFrom(sums.get(-1)) : null,
  };
}

/** A report that is of a stretch of time alone, as far as one section is concerned, to be drawn by its rows. */
export function restricted(report, section, stretch) {
  const { rows, none } = rowsOf(report, section, stretch);
  const self = (row, key) => row[`self${key[0].toUpperCase()}${key.slice(1)}`] ?? row[key];
  const summary = Object.fromEntries(windowMetrics.map((key) =>
    [key, rows.reduce((sum, row) => sum + self(row, key), none?.[key] ?? 0)]));
  const change = (row) => self(row, "freedBytes") - self(row, "allocatedBytes");
  const freedMore = [...rows, ...(none ? [none] : [])].reduce((sum, row) => sum + Math.max(change(row), 0), 0);
  return { report: { ...report, [section]: rows, tasks: [], summary, isOfStretch: true }, freedMore, ...stretch };
}

// The call tree in columns. Node 0 is the root; a parent precedes its children.

const figures = ["allocations", "allocatedBytes", "liveBlocks", "liveBytes", "peakBlocks", "peakBytes", "temporaries",
  "temporaryBytes"];

/** @typedef {{function: string, file: string, line: number, module: string, isInlined: boolean, isRuntime: boolean}} Frame */

export class CallTree {
  /** @param {object} columns what PageTree.swift writes */
  constructor(columns) {
    this.size = columns.parent.length;
    this.parent = Int32Array.from(columns.parent);
    this.frames = columns.frames;
    this.strings = columns.strings;
    this.frameOf = Int32Array.from(columns.frame);
    this.kinds = Uint8Array.from(columns.kind);
    this.left = columns.pruned ?? {};
    this.places = columns.places ?? [];
    /** @type {Object<string, Float64Array>} figures that include what is below a node */
    this.totals = {};
    for (const key of figures) this.totals[key] = Float64Array.from(columns[key] ?? new Array(this.size).fill(0));
    this.own = {};
  }

  /**
   * What leaked, as figures of the tree.
   * @param {{node: number, bytes: number, blocks: number}[]} groups
   */
  addLeaks(groups) {
    const bytes = new Float64Array(this.size);
    const blocks = new Float64Array(this.size);
    for (const group of groups) {
      const node = this.nodeOf(group.node);
      bytes[Math.max(node, 0)] += group.bytes;
      blocks[Math.max(node, 0)] += group.blocks;
    }
    this.own.leakedBytes = bytes;
    this.own.leakedBlocks = blocks;
    this.totals.leakedBytes = this.summed(bytes);
    this.totals.leakedBlocks = this.summed(blocks);
  }

  /**
   * Figures of the nodes themselves, summed up the tree.
   * @param {Float64Array} own
   */
  summed(own) {
    const sums = Float64Array.from(own);
    for (let node = this.size - 1; node > 0; node -= 1) sums[this.parent[node]] += sums[node];
    return sums;
  }

  /**
   * What each node allocated itself, what was left out below it included.
   * @returns {Float64Array}
   */
  self(key) {
    if (!this.own[key]) {
      const own = Float64Array.from(this.totals[key]);
      for (let node = this.size - 1; node > 0; node -= 1) own[this.parent[node]] -= this.totals[key][node];
      // What is not exact need not add up.
      this.own[key] = own.map((value) => Math.max(value, 0));
    }
    return this.own[key];
  }

  /**
   * The number here of a node of the report; -1 if there is none.
   * @param {number} number an index into callTree.nodes
   */
  nodeOf(number) {
    if (number === undefined || number === null || number < 0) return -1;
    if (this.places.length > 0) return this.places[number] ?? -1;
    return number + 1 < this.size ? number + 1 : -1;
  }

  /** @returns {Frame} */
  frame(node) {
    const { strings, frames } = this;
    const at = 5 * this.frameOf[node];
    return {
      function: strings[frames[at]], file: strings[frames[at + 1]], line: frames[at + 2],
      module: strings[frames[at + 3]], isInlined: (frames[at + 4] & 1) !== 0, isRuntime: (frames[at + 4] & 2) !== 0,
    };
  }

  name(node) {
    return this.strings[this.frames[5 * this.frameOf[node]]];
  }

  module(node) {
    return this.strings[this.frames[5 * this.frameOf[node] + 3]];
  }

  isRuntime(node) {
    return (this.frames[5 * this.frameOf[node] + 4] & 2) !== 0;
  }

  /** "frame", "async" for an asynchronous caller, "creation" for the stack that created the task. */
  kind(node) {
    return ["frame", "async", "creation"][this.kinds[node]];
  }

  figure(node, key) {
    return this.totals[key]?.[node] ?? 0;
  }

  /** What was left out below a node, or undefined. */
  pruned(node) {
    return this.left[node];
  }

  /** What was left out of the whole tree: nodes and, by figure, how much of it is drawn at a caller. */
  leftOut() {
    const sum = { nodes: 0 };
    for (const left of Object.values(this.left)) {
      for (const [key, value] of Object.entries(left)) sum[key] = (sum[key] ?? 0) + value;
    }
    return sum;
  }

  /** From the top down to a node, the node included, the root left out. */
  path(node) {
    const path = [];
    for (let at = node; at > 0; at = this.parent[at]) path.unshift(at);
    return path;
  }

  /** A stack as people paste it: the innermost frame first, each with its place. */
  stackText(node) {
    return this.path(node).reverse().map((step, index) => {
      const frame = this.frame(step);
      const where = frame.file ? ` at ${frame.file}${frame.line ? `:${frame.line}` : ""}` : frame.module ? ` in ${frame.module}`
        : "";
      const kind = { frame: "", async: " [awaits]", creation: " [created the task]" }[this.kind(step)];
      return `${String(index).padStart(3)}  ${frame.function}${where}${kind}`;
    }).join("\n");
  }
}

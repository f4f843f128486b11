// Trees as they are drawn: values summed up, children by size, places from left to right. All functions are pure.

/**
 * @typedef {object} Description how the nodes of a shape are called, by their origin
 * @property {(origin: number) => string} label
 * @property {(origin: number) => string} detail where it is, in small letters
 * @property {(origin: number) => number} hue which colour, 0 for grey
 * @property {(origin: number) => Mark} mark
 * @property {(origin: number) => string} same what tells it from others of another report, too
 * @property {(origin: number) => string} [title] how it is called where two reports are compared, if that is not its label
 *
 * @typedef {"" | "async" | "creation"} Mark a frame that resumes after an await, or that created the task
 */

/**
 * The marks by the kinds that a call tree has.
 * @type {Mark[]}
 */
export const marks = ["", "async", "creation"];

export class Shape {
  /**
   * @param {ArrayLike<number>} parent a parent precedes its children; node 0 is the root
   * @param {Float64Array} self what each node has itself
   * @param {Int32Array} origin for each node the number that the description knows it by
   * @param {Description} description
   */
  constructor(parent, self, origin, description) {
    this.size = parent.length;
    this.parent = Int32Array.from(parent);
    this.self = self;
    this.origin = origin;
    this.describe = description;
    /** @type {string | undefined} what the root is called */
    this.rootLabel = undefined;
    /** @type {Int32Array | null} for each node of the call tree the node here; null where there is not one for each */
    this.of = null;
    /** @type {Float64Array | null} what each node had, where two trees are compared */
    this.before = null;
    /** @type {Float64Array | null} what each node has, where two trees are compared */
    this.after = null;
    /** @type {((node: number) => string) | null} a stack as text, where the call tree's own is not it */
    this.stackText = null;
    /** What has no node because it is too small. */
    this.leftOut = 0;
    this.value = Float64Array.from(self);
    for (let node = this.size - 1; node > 0; node -= 1) this.value[this.parent[node]] += this.value[node];
    this.total = this.value[0];
    this.layOut();
  }

  /** Children by size behind their parents' numbers; those without a value stand last and are left out. */
  layOut() {
    const { size, parent, value } = this;
    this.firstChild = new Int32Array(size + 1);
    for (let node = 1; node < size; node += 1) this.firstChild[parent[node] + 1] += 1;
    for (let node = 0; node < size; node += 1) this.firstChild[node + 1] += this.firstChild[node];
    const next = this.firstChild.slice();
    this.childList = new Int32Array(Math.max(size - 1, 0));
    for (let node = 1; node < size; node += 1) this.childList[next[parent[node]]++] = node;
    this.childEnd = new Int32Array(size);
    this.depth = new Int32Array(size);
    this.start = new Float64Array(size);
    for (let node = 0; node < size; node += 1) {
      const children = this.childList.subarray(this.firstChild[node], this.firstChild[node + 1]);
      if (children.length > 1) children.sort((a, b) => value[b] - value[a] || a - b);
      let at = this.start[node];
      let end = children.length;
      while (end > 0 && !(value[children[end - 1]] > 0)) end -= 1;
      this.childEnd[node] = this.firstChild[node] + end;
      for (const child of children) {
        this.start[child] = at;
        this.depth[child] = this.depth[node] + 1;
        at += value[child];
      }
    }
  }

  /** A node's children that have anything, largest first. */
  children(node) {
    return this.childList.subarray(this.firstChild[node], this.childEnd[node]);
  }

  label(node) {
    return node === 0 ? this.rootLabel ?? "everything" : this.describe.label(this.origin[node]);
  }

  /** From below the root down to a node. */
  path(node) {
    const path = [];
    for (let at = node; at > 0; at = this.parent[at]) path.unshift(at);
    return path;
  }

  /** How many rows nodes of at least this value take, within a span. */
  rows(smallest, from = 0, to = this.total) {
    let deepest = 0;
    for (let node = 1; node < this.size; node += 1) {
      if (this.depth[node] > deepest && this.value[node] >= smallest && this.start[node] < to &&
        this.start[node] + this.value[node] > from) deepest = this.depth[node];
    }
    return deepest + 1;
  }

  /**
   * The node at a place, or -1.
   * @param {number} at a value from 0 to the total
   */
  nodeAt(depth, at) {
    let node = 0;
    while (this.depth[node] < depth) {
      const next = this.children(node).find((child) => at >= this.start[child] && at < this.start[child] + this.value[child]);
      if (next === undefined) return -1;
      node = next;
    }
    return node;
  }
}

/**
 * How frames are called and coloured.
 * @param {import("#page/calltree").CallTree} tree
 * @returns {Description}
 */
export function describeFrames(tree) {
  const hues = new Map();
  const groups = new Map();
  return {
    label: (node) => tree.name(node),
    detail: (node) => {
      const frame = tree.frame(node);
      const file = frame.file.split("/").pop();
      return file ? (frame.line ? `${file}:${frame.line}` : file) : frame.module;
    },
    hue: (node) => {
      if (tree.isRuntime(node)) return 0;
      // A statically linked program is one module; its packages lie in folders.
      const frame = tree.frameOf[node];
      if (!hues.has(frame)) hues.set(frame, hueOf(tree.frame(node), groups));
      return hues.get(frame);
    },
    mark: (node) => marks[tree.kinds[node]],
    // Without the line, which moves when somebody edits above it.
    same: (node) => {
      const frame = tree.frame(node);
      return `${frame.function}\n${frame.file}\n${frame.module}\n${tree.kinds[node]}`;
    },
  };
}

/** One of six hues for the folder of a frame's file, or for its module. */
function hueOf(frame, groups) {
  const folders = frame.file.split("/");
  const sources = folders.lastIndexOf("Sources");
  const group = !frame.file ? frame.module : sources >= 0 ? folders[sources + 1] : folders.slice(0, -1).join("/");
  if (!groups.has(group)) groups.set(group, 1 + (groups.size % 6));
  return groups.get(group);
}

/** Collects nodes that are the same under the same parent into one. */
class Merging {
  constructor(width) {
    this.width = width;
    this.known = new Map();
    this.parent = [0];
    this.origin = [0];
    this.self = [0];
  }

  /** @param {number} key what makes two nodes the same, below `width` */
  node(parent, key, origin) {
    const place = parent * this.width + key;
    let node = this.known.get(place);
    if (node === undefined) {
      node = this.parent.length;
      this.known.set(place, node);
      this.parent.push(parent);
      this.origin.push(origin);
      this.self.push(0);
    }
    return node;
  }

  shape(description) {
    return new Shape(this.parent, Float64Array.from(this.self), Int32Array.from(this.origin), description);
  }
}

function keyOf(tree, node) {
  return 4 * tree.frameOf[node] + tree.kinds[node];
}

/**
 * The tree from the top down. `shape.of` gives the shape's node for each node of the tree.
 * @param {Float64Array} self
 * @param {boolean} folds whether runtime frames are left out, what they have going to their callers
 */
export function fromTheTop(tree, self, folds) {
  const merging = new Merging(2 ** 24);
  const of = new Int32Array(tree.size);
  for (let node = 1; node < tree.size; node += 1) {
    const parent = of[tree.parent[node]];
    of[node] = folds && tree.isRuntime(node) ? parent : merging.node(parent, keyOf(tree, node), node);
  }
  for (let node = 0; node < tree.size; node += 1) merging.self[of[node]] += self[node];
  const shape = merging.shape(describeFrames(tree));
  shape.of = of;
  shape.stackText = (node) => tree.stackText(shape.origin[node]);
  return shape;
}

/** The tree from the inside out: who allocates, and below it who called it. What is very small is left out. */
export function fromTheInside(tree, self, folds) {
  const merging = new Merging(2 ** 24);
  const whole = self.reduce((sum, value) => sum + value, 0);
  const leaves = [0]; // for each node one of the stacks that it stands for
  for (let leaf = 1; leaf < tree.size; leaf += 1) {
    if (!(self[leaf] > whole / 20_000)) continue;
    let at = 0;
    for (let node = leaf; node > 0; node = tree.parent[node]) {
      if (folds && tree.isRuntime(node)) continue;
      at = merging.node(at, keyOf(tree, node), node);
      leaves[at] ??= leaf;
    }
    merging.self[at] += self[leaf];
  }
  const shape = merging.shape(describeFrames(tree));
  shape.leftOut = whole - shape.total;
  // What was chosen is somewhere in the middle of its stacks, so a whole one is told, from who allocated on.
  shape.stackText = (node) => tree.stackText(leaves[node]);
  return shape;
}

/**
 * A shape of rows that name their parents.
 * @param {import("#page/owners").Row[]} rows a parent precedes its children; -1 for none
 */
export function fromRows(rows) {
  const description = {
    label: (row) => rows[row].label, detail: (row) => rows[row].detail ?? "", hue: (row) => rows[row].hue ?? 1 + (row % 6),
    mark: (row) => rows[row].mark ?? "", same: (row) => rows[row].same ?? rows[row].label,
    title: (row) => rows[row].same ?? rows[row].label,
  };
  const self = Float64Array.from([0, ...rows.map((row) => Math.max(row.self, 0))]);
  const origin = Int32Array.from([0, ...rows.map((_, index) => index)]);
  return new Shape([0, ...rows.map((row) => row.parent + 1)], self, origin, description);
}

/** Which nodes have a text in their names, and the share of the topmost ones. */
export function search(shape, text) {
  const wanted = text.toLowerCase();
  const found = new Uint8Array(shape.size);
  const answers = new Map();
  let value = 0;
  let nodes = 0;
  for (let node = 1; node < shape.size; node += 1) {
    const origin = shape.origin[node];
    if (!answers.has(origin)) {
      answers.set(origin, `${shape.describe.label(origin)} ${shape.describe.detail(origin)}`.toLowerCase().includes(wanted));
    }
    const above = found[shape.parent[node]] > 0 && shape.parent[node] > 0;
    if (answers.get(origin)) {
      found[node] = 2;
      nodes += 1;
      if (!above) value += shape.value[node];
    } else if (above) {
      found[node] = 1;
    }
  }
  return { found, value, nodes };
}

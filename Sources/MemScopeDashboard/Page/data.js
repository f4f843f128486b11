// Reading what the report's writer put into the page.

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** The report without the nodes of its call tree, which come in columns. */
export function readReport() {
  return read("report-data");
}

/** The call tree. Node 0 is the root; a parent precedes its children. */
export class CallTree {
  constructor(columns) {
    this.columns = columns;
    this.size = columns.parent.length;
    this.children = Array.from({ length: this.size }, () => []);
    for (let node = 1; node < this.size; node += 1) this.children[columns.parent[node]].push(node);
  }

  static read() {
    return new CallTree(read("tree-data"));
  }

  frame(node) {
    const { strings, frames, frame } = this.columns;
    const at = 5 * frame[node];
    return {
      function: strings[frames[at]], file: strings[frames[at + 1]], line: frames[at + 2],
      module: strings[frames[at + 3]], isInlined: (frames[at + 4] & 1) !== 0, isRuntime: (frames[at + 4] & 2) !== 0,
    };
  }

  isRuntime(node) {
    return (this.columns.frames[5 * this.columns.frame[node] + 4] & 2) !== 0;
  }

  kind(node) {
    return ["frame", "async", "creation"][this.columns.kind[node]];
  }

  figure(node, metric) {
    return this.columns[metric][node];
  }

  /** What was left out below a node, or undefined. */
  pruned(node) {
    return this.columns.pruned[node];
  }

  /** The children to show, largest first. Folding puts the program's callees of a runtime frame in its place. */
  shownChildren(node, metric, folding) {
    const shown = [];
    const pending = [...this.children[node]];
    while (pending.length > 0) {
      const child = pending.pop();
      if (folding && this.isRuntime(child)) pending.push(...this.children[child]);
      else if (this.figure(child, metric) > 0) shown.push(child);
    }
    return shown.sort((a, b) => this.figure(b, metric) - this.figure(a, metric) || a - b);
  }

  /** From the top down to a node, the node included, the root left out. */
  path(node) {
    const path = [];
    for (let at = node; at > 0; at = this.columns.parent[at]) path.unshift(at);
    return path;
  }
}

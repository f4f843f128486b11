// Run with: node --test Tests/PageTests

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";

import { CallTree } from "../../Sources/MemScopeDashboard/Page/calltree.js";
import { growthIn } from "../../Sources/MemScopeDashboard/Page/concluded.js";
import { changedShape, joined } from "../../Sources/MemScopeDashboard/Page/compare.js";
import { readPage, unpack } from "../../Sources/MemScopeDashboard/Page/data.js";
import { divisions, metricsOf } from "../../Sources/MemScopeDashboard/Page/owners.js";
import { retainedRows, ways } from "../../Sources/MemScopeDashboard/Page/retained.js";
import { fromRows, fromTheInside, fromTheTop, search } from "../../Sources/MemScopeDashboard/Page/shape.js";
import { creationSites, taskTree } from "../../Sources/MemScopeDashboard/Page/tasks.js";
import { matrix } from "../../Sources/MemScopeDashboard/Page/threads.js";
import { byKind } from "../../Sources/MemScopeDashboard/Page/types.js";
import { carried, wholeStretch } from "../../Sources/MemScopeDashboard/Page/stretch.js";
import { figuresOf, intervalsIn, knowsRows, restricted, rowsOf, sitesOf } from "../../Sources/MemScopeDashboard/Page/window.js";

/** A tree from names, parents and live bytes; names in capitals are of the runtime. */
function tree(rows) {
  const strings = [""];
  const frames = [0, 0, 0, 0, 0];
  const frame = [0];
  for (const { name, file = "" } of rows) {
    const ids = [name, file].map((text) => {
      if (!strings.includes(text)) strings.push(text);
      return strings.indexOf(text);
    });
    const known = [...frames.keys()].find((at) => at % 5 === 0 && frames[at] === ids[0] && at > 0);
    if (known === undefined) frames.push(ids[0], ids[1], 0, 0, name === name.toUpperCase() ? 2 : 0);
    frame.push((known ?? frames.length - 5) / 5);
  }
  return new CallTree({
    strings, frames, frame, parent: [0, ...rows.map((row) => row.parent)], kind: [0, ...rows.map((row) => row.kind ?? 0)],
    liveBytes: [rows.filter((row) => row.parent === 0).reduce((sum, row) => sum + row.live, 0), ...rows.map((row) => row.live)],
  });
}

// root ─ run ─ SWIFT ─ { a 2, b 7 }, and b calls a for 3 of its 7
const sample = () => tree([
  { name: "run", parent: 0, live: 9 }, { name: "SWIFT", parent: 1, live: 9 }, { name: "a", parent: 2, live: 2 }, { name: "b", parent: 2, live: 7 },
  { name: "a", parent: 4, live: 3 },
]);
const names = (shape, node) => [...shape.children(node)].map((child) => [shape.label(child), shape.value[child]]);

test("what a node has itself is what its children have not", () => {
  const one = sample();
  assert.deepEqual([...one.self("liveBytes")], [0, 0, 0, 2, 4, 3]);
  assert.equal(one.stackText(5).split("\n").length, 4);
  assert.ok(one.stackText(5).startsWith("  0  a"));
});

test("folding gives what runtime frames have to their callers", () => {
  const one = sample();
  const folded = fromTheTop(one, one.self("liveBytes"), true);
  assert.deepEqual(names(folded, 1), [["b", 7], ["a", 2]]);
  assert.deepEqual(names(fromTheTop(one, one.self("liveBytes"), false), 1), [["SWIFT", 9]]);
  assert.equal(folded.total, 9);
  assert.equal(folded.of[2], folded.of[1]);
});

test("children lie side by side, largest first, inside their parent", () => {
  const one = sample();
  const shape = fromTheTop(one, one.self("liveBytes"), true);
  const [b, a] = shape.children(1);
  assert.deepEqual([shape.start[b], shape.start[a]], [0, 7]);
  assert.equal(shape.nodeAt(2, 7.5), a);
  assert.equal(shape.nodeAt(2, 6.9), b);
  assert.equal(shape.rows(0.1), 4);
});

test("from the inside out the same function is one, whoever calls it", () => {
  const one = sample();
  const shape = fromTheInside(one, one.self("liveBytes"), true);
  assert.deepEqual(names(shape, 0), [["a", 5], ["b", 4]]);
  assert.deepEqual(names(shape, shape.children(0)[0]), [["b", 3], ["run", 2]]);
});

test("a search counts nested finds once", () => {
  const one = sample();
  const shape = fromTheTop(one, one.self("liveBytes"), true);
  assert.equal(search(shape, "A").value, 5);
  assert.equal(search(shape, "run").value, 9);
  assert.equal(search(shape, "nobody").nodes, 0);
});

test("leaks are figures of the tree; a place that is not here counts for the root", () => {
  const one = sample();
  one.addLeaks([{ node: 4, bytes: 10, blocks: 1 }, { node: -1, bytes: 5, blocks: 2 }]);
  assert.equal(one.totals.leakedBytes[0], 15);
  assert.equal(one.totals.leakedBytes[4], 10);
  assert.equal(one.self("leakedBlocks")[0], 2);
});

test("a page with fewer nodes than its report says where the others went", () => {
  const one = new CallTree({ strings: ["", "f"], frames: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], parent: [0, 0], frame: [0, 1], kind: [0, 0],
    places: [1, 1, 0], pruned: { 1: { nodes: 1, liveBytes: 4 } } });
  assert.deepEqual([0, 1, 2, 3, -1].map((node) => one.nodeOf(node)), [1, 1, 0, -1, -1]);
  assert.deepEqual(one.leftOut(), { nodes: 1, liveBytes: 4 });
});

test("a stretch of time takes the intervals that it touches", () => {
  const intervals = [{ endNanoseconds: 10, changes: [[2, 1, 100, 0, 0]] }, { endNanoseconds: 20, changes: [[2, 2, 200, 1, 50], [3, 0, 0, 1, 70]] },
    { endNanoseconds: 30, changes: [[4, 9, 900, 0, 0]] }];
  assert.deepEqual(intervalsIn(intervals, 10, 20).map((each) => each.endNanoseconds), [20]);
  const stretch = figuresOf(sample(), intervals, 5, 15);
  assert.deepEqual([stretch.from, stretch.to], [0, 20]);
  assert.equal(stretch.figures.allocatedBytes[3], 300);
  assert.equal(stretch.figures.grownBytes[3], 250);
  assert.equal(stretch.figures.grownBytes[4], 0);
  assert.equal(stretch.freedMore, 70);
});

test("two trees become one that knows before and after", () => {
  const before = tree([{ name: "run", parent: 0, live: 10 }, { name: "gone", parent: 1, live: 6 }]);
  const after = tree([{ name: "run", parent: 0, live: 9 }, { name: "fresh", parent: 1, live: 8 }]);
  const shape = changedShape(...[before, after].map((each) => fromTheTop(each, each.self("liveBytes"), true)));
  const run = shape.children(0)[0];
  assert.deepEqual([shape.before[run], shape.after[run]], [10, 9]);
  assert.deepEqual(names(shape, run).map(([name]) => name), ["fresh", "gone"]);
  assert.equal(shape.value[run], 8 + 6 + 4);
});

test("rows of two reports are joined by what they are", () => {
  const rows = joined([{ name: "a", live: 5 }, { name: "b", live: 1 }], [{ name: "a", live: 8 }, { name: "c", live: 2 }], (row) => row.name, ["live"]);
  assert.deepEqual(rows.map((row) => [row.name, row.liveChange, row.isNew, row.isGone]), [["a", 3, false, false], ["b", -1, false, true], ["c", 2, true, false]]);
});

test("owners are trees, too", () => {
  const report = {
    types: [{ name: "Swift.Array<Int>", kind: "array", liveBytes: 5 }, { name: "Swift.String", kind: "string", liveBytes: 2 }, { name: "untyped", kind: "untyped", liveBytes: 1 }],
    scopes: [{ name: "outer", parent: -1, selfLiveBytes: 3, entries: 1 }, { name: "inner", parent: 0, selfLiveBytes: 4, entries: 1 }],
  };
  const by = (key) => fromRows(divisions.find((each) => each.key === key).rows(report, "liveBytes"));
  assert.deepEqual(names(by("type"), 0), [["Swift", 7], ["untyped", 1]]);
  assert.deepEqual(names(by("scope"), 0), [["outer", 7]]);
});

test("what owners have and what they have not is all there is", () => {
  const report = {
    summary: { liveBytes: 100 }, leaks: { blocks: 3, bytes: 60, groups: [{ type: "A.Node", bytes: 40, blocks: 2 }, { type: "B.Gone", bytes: 10, blocks: 1 }] },
    types: [{ name: "A.Node", kind: "class", liveBytes: 100, leakedBytes: null }], taskSites: [{ function: "f", liveBytes: 25 }], tasks: [], threads: [],
    scopes: [{ name: "outer", parent: -1, selfLiveBytes: 3, entries: 1, leakedBytes: 50 }, { name: "inner", parent: 0, selfLiveBytes: 4, entries: 1, leakedBytes: 20 }],
  };
  const division = (key) => divisions.find((each) => each.key === key);
  const by = (key, metric) => fromRows(division(key).rows(report, metric));
  assert.deepEqual(names(by("scope", "liveBytes"), 0), [["outside of any scope", 93], ["outer", 7]]);
  assert.deepEqual(names(by("task", "liveBytes"), 0), [["outside of any task", 75], ["f", 25]]);
  assert.deepEqual(names(by("type", "liveBytes"), 0), [["A", 100]]);
  assert.deepEqual(names(by("type", "leakedBytes"), 0), [["A", 40], ["B", 10], ["types that are not listed", 10]]);
  assert.deepEqual(names(by("scope", "leakedBytes"), 0), [["outer", 50], ["outside of any scope", 10]]);
  assert.equal(by("scope", "leakedBytes").value[2], 20);
  assert.deepEqual([metricsOf(division("type"), report).includes("leakedBlocks"), metricsOf(division("task"), report).includes("leakedBytes"),
    metricsOf(division("type"), { ...report, leaks: { blocks: null } }).includes("leakedBytes")], [true, false, false]);
});

test("two reports are one picture from the inside out and by owner, too", () => {
  const before = tree([{ name: "run", parent: 0, live: 10 }, { name: "a", parent: 1, live: 6 }, { name: "b", parent: 1, live: 4 }]);
  const after = tree([{ name: "run", parent: 0, live: 12 }, { name: "a", parent: 1, live: 12 }]);
  const inside = changedShape(...[before, after].map((each) => fromTheInside(each, each.self("liveBytes"), true)));
  assert.deepEqual(names(inside, 0), [["a", 12], ["b", 4]]);
  const [a, b] = inside.children(0);
  assert.deepEqual([inside.before[a], inside.after[a], inside.before[b], inside.after[b], inside.before[0], inside.after[0]], [6, 12, 4, 0, 10, 12]);
  assert.equal(inside.stackText(inside.children(a)[0]).split("\n")[0], "  0  a");
  const threads = (...rows) => ({ summary: {}, threads: rows.map(([name, tid, liveBytes]) => ({ name, tid, liveBytes })) });
  const rows = divisions.find((each) => each.key === "thread").rows;
  const joint = changedShape(...[threads(["io", 1, 5], ["io", 2, 5]), threads(["io", 77, 30])].map((report) => fromRows(rows(report, "liveBytes"))));
  assert.deepEqual(names(joint, 0), [["io", 30]]);
  assert.deepEqual([joint.before[1], joint.after[1], joint.size], [10, 30, 3]);
});

test("a stretch has call sites: the program's own frames that what happened in it was for", () => {
  const one = sample();
  const intervals = [{ endNanoseconds: 10, changes: [[1, 1, 100, 0, 0], [2, 2, 50, 2, 50]] }, { endNanoseconds: 20, changes: [[4, 4, 40, 1, 10], [-1, 1, 8, 0, 0]] }];
  const rows = sitesOf(one, figuresOf(one, intervals, 0, 20).figures);
  assert.deepEqual(rows.map((row) => [row.function, row.allocations, row.allocatedBytes, row.grownBytes]),
    [["(no stack)", 1, 8, 8], ["run", 1, 100, 100], ["a", 6, 90, 30]]);
  assert.equal(rows[2].treeNode, 3);
});

test("a stretch is made of whole intervals, or is none", () => {
  const intervals = [{ endNanoseconds: 10 }, { endNanoseconds: 20 }, { endNanoseconds: 30 }];
  assert.deepEqual(wholeStretch(intervals, 12, 21), { from: 10, to: 30 });
  assert.deepEqual([wholeStretch(intervals, NaN, 21), wholeStretch(intervals, 40, 50), wholeStretch([], 0, 9)], [null, null, null]);
});

test("a stretch goes along to other views", () => {
  assert.equal(carried("#types?types-filter=a", "#flame?from=1&to=2&by=type"), "#types?types-filter=a&from=1&to=2");
  assert.equal(carried("#types", "#flame?by=type"), "#types");
  assert.equal(carried("#flame?from=5&to=6", "#sites?from=1&to=2"), "#flame?from=5&to=6");
});

test("growth in a stretch is the course from its begin to its end", () => {
  const intervals = [1, 2, 3, 4].map((second) => ({ endNanoseconds: second * 1e9 }));
  const row = { bytes: [10, 20, 50, 90], blocks: [1, 2, 5, 9], bytesPerSecond: 1 };
  const part = growthIn(row, intervals, { from: 1e9, to: 3e9 });
  assert.deepEqual([part.bytes, part.bytesPerSecond, part.blocksPerSecond, part.last], [[10, 20, 50], 20, 2, 50]);
  assert.deepEqual(growthIn(row, intervals, { from: 0, to: 1e9 }).bytes, [0, 10]);
  assert.deepEqual([growthIn(row, intervals, null).last, growthIn(row, [], { from: 0, to: 1 }).bytesPerSecond], [90, 1]);
});

test("what leaked is a tree of what keeps it, and what is not listed is in it as a sum", () => {
  const group = (category, type, blocks, bytes, retainedBytes, retained = []) => ({ category, type, function: "f", blocks, bytes, retainedBytes, retained });
  const kept = (parent, type, blocks, bytes, retainedBytes, leftOut = 0, field = null, isCycle = false) => ({ parent, type, field, isCycle, blocks, bytes,
    retainedBytes, leftOutBlocks: leftOut, leftOutBytes: leftOut });
  const cycles = [
    { members: [{ type: "A" }, { type: "B" }], instances: 2, retainedBytes: 100, innerBytes: 0,
      retained: [kept(-1, "A", 4, 60, 100), kept(0, "String", 3, 30, 40, 10, "A.names")] },
    { members: [{ type: "D" }], instances: 1, retainedBytes: 20, innerBytes: 20, retained: [kept(-1, "D", 1, 20, 20)] },
  ];
  const groups = [group("cycle", "A", 2, 40, 100), group("held", "String", 3, 30, 30),
    group("definite", "C", 1, 8, 150, [kept(-1, "C", 1, 8, 150), kept(0, "D", 1, 142, 142, 0, "C.d", true), kept(1, "String", 1, 0, 0, 0, "D.text")])];
  const report = { cycles, leaks: { bytes: 275, groups } };
  const rows = retainedRows(report);
  assert.deepEqual(rows.map((row) => [row.parent, row.label, row.self, row.detail]), [
    [-1, "C", 8, "1 block, allocated in f"], [0, "D in a cycle", 142, "1 ×, by C.d"], [1, "String", 0, "1 ×, by .text"],
    [-1, "A ⇄ B", 60, "2 cycles"], [3, "String", 30, "3 ×, by A.names"], [4, "not listed one by one", 10, "10 blocks"],
    [-1, "held by several of them, or in rows that are not listed", 25, undefined]]);
  assert.equal(fromRows(rows).total, 275);
  assert.deepEqual([...ways(report)], [["D", { from: "C", steps: [{ type: "D", field: "C.d" }] }],
    ["String", { from: "C", steps: [{ type: "D", field: "C.d" }, { type: "String", field: "D.text" }] }]]);
});

test("kinds are summed over their types", () => {
  const rows = [{ kind: "array", liveBytes: 5 }, { kind: "class", liveBytes: 9 }, { kind: "array", liveBytes: 6 }, { kind: "box", liveBytes: 0 }];
  assert.deepEqual(byKind(rows), [{ kind: "array", bytes: 11 }, { kind: "class", bytes: 9 }]);
});

test("tasks stand below those that created them, even if parents lead in a circle", () => {
  const rows = taskTree([{ id: 1, parent: 0 }, { id: 3, parent: 2 }, { id: 2, parent: 1 }, { id: 8, parent: 9 }, { id: 9, parent: 8 }]);
  assert.deepEqual(rows.map((row) => [row.id, row.depth]), [[1, 0], [2, 1], [3, 2], [8, 0], [9, 1]]);
});

test("the matrix has who gave most, and each thread's own on the diagonal", () => {
  const threads = [{ name: "idle", frees: 1 }, { name: "main", frees: 10, freedByOthers: 4 }, { name: "worker", frees: 5, freedByOthers: 0 }];
  const { threads: shown, cells, leftOut } = matrix(threads, [{ allocatedBy: 1, freedBy: 2, frees: 4, bytes: 40 }, { allocatedBy: 0, freedBy: 1, frees: 1, bytes: 1 }], 2);
  assert.deepEqual(shown.map((thread) => thread.name), ["main", "worker"]);
  assert.deepEqual(cells.map((row) => row.map((cell) => cell.frees)), [[6, 4], [0, 5]]);
  assert.equal(leftOut, 1);
});

test("the page's data is unpacked, and sections that are not there are empty", async () => {
  const pack = (value) => gzipSync(JSON.stringify(value)).toString("base64");
  assert.deepEqual(await unpack(pack({ text: "</script>é" })), { text: "</script>é" });
  const texts = {
    "report-data": pack({ timeline: { samples: [] }, leaks: { groups: [] }, ownership: [], retainLedger: [] }),
    "tree-data": pack({ strings: [""], frames: [0, 0, 0, 0, 0], parent: [0], frame: [0], kind: [0] }),
  };
  const page = await readPage((id) => texts[id] ?? null);
  assert.equal(page.report.ownership, null);
  assert.deepEqual([page.report.growth, page.base, page.tree.size], [[], null, 1]);
});

test("rows of a section have what they did in the intervals that a stretch touches", () => {
  const report = {
    timeline: { intervals: [
      { endNanoseconds: 10, threads: [[0, 9, 900, 1, 100]], scopes: [[0, 1, 10, 0, 0]] },
      { endNanoseconds: 20, threads: [[-1, 1, 5, 0, 0], [1, 2, 200, 3, 350]], scopes: [[-1, 1, 5, 0, 0], [0, 1, 10, 1, 4], [1, 2, 20, 0, 0]] },
      { endNanoseconds: 30, threads: [[1, 4, 400, 0, 0]], scopes: [[1, 1, 7, 3, 27]] },
    ] },
    threads: [{ name: "a" }, { name: "b" }], scopes: [{ name: "outer", parent: -1 }, { name: "inner", parent: 0 }], tasks: [{ id: 1 }],
  };
  const { rows, none } = rowsOf(report, "threads", { from: 10, to: 30 });
  assert.deepEqual(rows.map((row) => [row.name, row.allocations, row.allocatedBytes, row.frees, row.changeBytes]),
    [["a", 0, 0, 0, 0], ["b", 6, 600, 3, 250]]);
  assert.equal(none.allocatedBytes, 5);
  const scopes = rowsOf(report, "scopes", { from: 10, to: 30 }).rows;
  assert.deepEqual(scopes.map((row) => [row.allocatedBytes, row.selfAllocatedBytes, row.frees]), [[37, 10, 4], [27, 27, 3]]);
  const part = restricted(report, "threads", { from: 10, to: 20 });
  assert.equal(part.report.summary.allocations, 3);
  assert.equal(part.report.summary.grownBytes, 5);
  assert.equal(part.freedMore, 150);
  assert.deepEqual(part.report.tasks, []);
  assert.equal(knowsRows(report, "threads"), true);
  assert.equal(knowsRows(report, "types"), false);
});

test("what no task of a place has shown yet is no zero", () => {
  const site = (finished, largestPeakBytes) => ({ finished, largestPeakBytes, meanLifetime: finished * 10 });
  const rows = creationSites({ taskSites: [site(0, 0), site(2, 50), site(0, 0), site(1, 90)], tasks: [{ site: 0, peakBytes: 70 }, { site: 1, peakBytes: 60 }] });
  assert.deepEqual(rows.map((row) => [row.meanLifetime, row.largestPeakBytes]), [[null, 70], [20, 60], [null, null], [10, 90]]);
});

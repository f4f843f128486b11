// Run with: node --test Tests/PageTests

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, count, duration, share } from "../../Sources/MemScopeDashboard/Page/figures.js";
import { CallTree } from "../../Sources/MemScopeDashboard/Page/data.js";

test("bytes keep three significant digits", () => {
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(1023), "1023 B");
  assert.equal(bytes(1536), "1.50 KiB");
  assert.equal(bytes(10 * 1024 * 1024), "10.0 MiB");
});

test("counts are grouped, shares need a whole, durations choose their unit", () => {
  assert.equal(count(1234567), "1\u202f234\u202f567");
  assert.equal(share(1, 0), "");
  assert.equal(share(1, 3), "33 %");
  assert.equal(duration(0), "0 s");
  assert.equal(duration(1_500_000), "1.5 ms");
  assert.equal(duration(90e9), "90.00 s");
});

test("folding puts the program's callees in the place of a runtime frame", () => {
  // root ─ run ─ runtime ─ { a, b }
  const tree = new CallTree({
    strings: ["", "run", "swift", "a", "b"], parent: [0, 0, 1, 2, 2], frame: [0, 1, 2, 3, 4], kind: [0, 0, 0, 0, 0],
    frames: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 2, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0],
    liveBytes: [9, 9, 9, 2, 7], pruned: {},
  });
  assert.deepEqual(tree.shownChildren(1, "liveBytes", true), [4, 3]);
  assert.deepEqual(tree.shownChildren(1, "liveBytes", false), [2]);
  assert.deepEqual(tree.path(4), [1, 2, 4]);
  assert.equal(tree.frame(2).function, "swift");
});

// Run with: node --test Tests/PageTests

import assert from "node:assert/strict";
import { test } from "node:test";

import { complete } from "../../Sources/MemScopeDashboard/Page/data.js";
import { findings, judgement } from "../../Sources/MemScopeDashboard/Page/findings.js";

/** A report of a process that did nothing wrong. */
function report(changes = {}) {
  return complete({
    summary: { allocations: 100, frees: 90, temporaries: 1, liveBytes: 100, peakBytes: 120, allocatedBytes: 1_000 },
    capture: { mode: "exact", events: 190, droppedEvents: 0 }, timeline: { samples: [] }, peak: { holders: [] }, temporaries: { callSites: [], bytes: 0 },
    leaks: { blocks: 0, bytes: 0, groups: [] }, ...changes,
  });
}

const titles = (all, level) => all.filter((finding) => finding.level === level).map((finding) => finding.title);

test("nothing wrong is said to be so", () => {
  const all = findings(report());
  assert.equal(judgement(all), "No problem found. Nothing stands out.");
  assert.deepEqual(titles(all, "fine"), ["Nothing leaked", "Nothing was lost"]);
});

test("what was not looked for is not called fine", () => {
  const all = findings(report({ leaks: { blocks: null, bytes: null, groups: [] }, notCollected: { leaks: "Ask for it." } }));
  assert.equal(all[0].level, "unknown");
  assert.equal(all[0].text, "Ask for it.");
  assert.match(judgement(all), /among what was measured/);
});

test("objects that are dead are worth a look, and no leak", () => {
  const group = { category: "dead", type: "B", blocks: 2, bytes: 96, retainedBytes: 96, function: "g", file: "/a/G.swift", line: 4 };
  const all = findings(report({ leaks: { blocks: 0, bytes: 0, deadBlocks: 2, deadBytes: 96, groups: [group] } }));
  assert.deepEqual(titles(all, "look"), ["2 objects are dead and not freed"]);
  assert.match(all[0].text, /96 B of objects .* g \(G\.swift:4\)/);
  assert.deepEqual(titles(all, "problem"), []);
});

test("problems come first, by how many bytes they are about", () => {
  const member = { type: "A.Node", function: "f", file: "/a/F.swift", line: 3 };
  const all = findings(report({
    leaks: { blocks: 3, bytes: 300, groups: [{ category: "definite", type: "B", blocks: 1, bytes: 10, retainedBytes: 900, function: "g", file: "", line: 0 }] },
    cycles: [{ members: [member], edges: [{ field: "me" }], instances: 2, retainedBytes: 200, suggestion: "Make me weak." }],
    capture: { mode: "exact", events: 1, droppedEvents: 7 },
  }));
  assert.deepEqual(titles(all, "problem"), ["1 block of B leaked", "A.Node keeps itself alive"]);
  assert.equal(all[1].advice, "Make me weak.");
  assert.match(all[1].text, /f \(F\.swift:3\)/);
  assert.deepEqual(titles(all, "unknown"), ["Not everything was recorded"]);
  assert.equal(judgement(all), "2 problems found.");
});

test("a run that leaves nothing in the end is no finding", () => {
  const scope = (liveBytes) => ({ name: "GET /", parent: -1, liveBytes, runs: { ended: 100, retainedBytes: { median: 50, mean: 50, largest: 60 } } });
  assert.equal(findings(report({ scopes: [scope(10)] })).some((finding) => finding.href?.startsWith("#scopes")), false);
  assert.equal(findings(report({ scopes: [scope(5_000)] })).some((finding) => finding.href === "#scopes?scope=GET+%2F"), true);
});

test("growth is a problem without a bound and with a part of the heap, and says how sure that is", () => {
  const row = { kind: "type", name: "Cache", verdict: "unbounded", confidence: 0.8, reason: "It grew.", bytesPerSecond: 2_048, bytes: [1, 20] };
  const all = findings(report({ growth: [row, { ...row, name: "Pool", verdict: "bounded" }, { ...row, name: "Log", bytes: [0, 2] }, { ...row, name: "Odd", verdict: "leak", bytes: [0, 2] }] }));
  assert.deepEqual(titles(all, "problem"), ["Cache grows without bound", "Odd leaks"]);
  assert.deepEqual(titles(all, "look"), ["Log grows without bound"]);
  assert.match(all[0].text, /80 % sure/);
});

test("what retains without an end and what is resident without a cause are worth a look", () => {
  const site = { function: "f", file: "", line: 0, retains: 9, eventsPerSecond: 2_000_000, isStorm: true };
  const all = findings(report({ retainLedger: { state: "on", objects: [], sites: [site, { ...site, isStorm: false }] },
    memory: { residentBytes: 2 ** 30, liveBytes: 2 ** 20, trackerBytes: 2 ** 20 } }));
  assert.deepEqual(titles(all, "look"), ["1022 MiB are resident beside the live heap", "f retains and releases 2\u202f000\u202f000 times a second"]);
});

test("a guess has a short title, and its text says how sure it is", () => {
  const row = { kind: "copyOnWriteStorm", text: "It is copied.", confidence: 0.5, function: "f", file: "", count: 9, bytes: 1, type: "A" };
  const all = findings(report({ inferences: [row, { ...row, kind: "couldBeStruct", bytes: 0 }] }));
  assert.deepEqual(titles(all, "look"), ["f copies its storage 9 times", "A could be a struct"]);
  assert.match(all.find((finding) => finding.level === "look").text, /50 % sure/);
});

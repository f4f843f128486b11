// Run with: node --test Tests/PageTests

import assert from "node:assert/strict";
import { test } from "node:test";

import { complete } from "../../Sources/MemScopeDashboard/Page/data.js";
import { findings, judgement } from "../../Sources/MemScopeDashboard/Page/findings.js";
import { fieldLabel, withoutModules } from "../../Sources/MemScopeDashboard/Page/cyclepicture.js";
import { byReason, noteText, peakText } from "../../Sources/MemScopeDashboard/Page/honesty.js";

/** A report of a process that did nothing wrong. */
function report(changes = {}) {
  return complete({
    summary: { allocations: 100, frees: 90, temporaries: 1, liveBytes: 100, peakBytes: 120, allocatedBytes: 1_000 },
    capture: { mode: "exact", events: 190, droppedEvents: 0 }, timeline: { samples: [] }, peak: { holders: [] }, temporaries: { callSites: [], bytes: 0 },
    leaks: { blocks: 0, bytes: 0, groups: [] }, process: { durationNanoseconds: 2e9 }, ...changes,
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
    cycles: [{ members: [member], edges: [{ field: "me" }], instances: 2, retainedBytes: 200, suggestion: "Make me weak.", further: [{ suggestion: "And me." }, { suggestion: "" }] }],
    capture: { mode: "exact", events: 1, droppedEvents: 7 },
  }));
  assert.deepEqual(titles(all, "problem"), ["1 block of B leaked", "A.Node keeps itself alive"]);
  assert.equal(all[1].advice, "Make me weak. And me.");
  assert.match(all[1].text, /f \(F\.swift:3\)/);
  assert.deepEqual(titles(all, "unknown"), ["Not everything was recorded"]);
  assert.equal(judgement(all), "2 problems found.");
});

test("a run that leaves nothing in the end is no finding", () => {
  const scope = (liveBytes) => ({ name: "GET /", parent: -1, liveBytes, runs: { ended: 100, retainedBytes: { median: 50, mean: 50, largest: 60 } } });
  assert.equal(findings(report({ scopes: [scope(10)] })).some((finding) => finding.href?.startsWith("#scopes")), false);
  assert.equal(findings(report({ scopes: [scope(5_000)] })).some((finding) => finding.href === "#scopes?scope=GET+%2F"), true);
});

const MiB = 1024 * 1024;
const grown = { kind: "type", name: "Cache", verdict: "unbounded", confidence: 0.8, reason: "It grew.", bytesPerSecond: 2_048, bytes: [1, 4 * MiB], isRuntime: false };
const heap = { allocations: 100, frees: 90, temporaries: 1, liveBytes: 100, peakBytes: 10 * MiB, allocatedBytes: 1_000 };

test("growth is a problem without a bound and with a part of the heap, and says how sure that is", () => {
  const all = findings(report({ summary: heap, peak: { holders: [], time: 1 },
    growth: [grown, { ...grown, name: "Pool", verdict: "bounded" }, { ...grown, name: "Log", bytes: [0, MiB / 4] }, { ...grown, name: "Odd", verdict: "leak", bytes: [0, 2] }] }));
  assert.deepEqual(titles(all, "problem"), ["Cache grows without bound", "Odd leaks"]);
  assert.equal(titles(all, "look")[1], "Log grows without bound");
  assert.match(all[0].text, /It gained 2.00 KiB a second and reached 4.00 MiB \(inferred, 80 % sure\)/);
  assert.equal(all[0].href, "#growth?growth-filter=Cache");
});

test("what grows comes with what to do next, as far as that is known", () => {
  const advice = (changes, row = grown) => findings(report({ summary: heap, peak: { holders: [], time: 1 }, growth: [row], ...changes }))
    .find((finding) => finding.title.includes("without bound")).advice;
  const types = [{ name: "Cache", retainerPath: { root: "a global", steps: [{ type: "App", field: "caches" }, { type: "[Cache]", field: "element" }, { type: "Cache", field: "" }] } }];
  assert.match(advice({ leaks: { blocks: null, bytes: null, groups: [] } }), /`memscope run --leaks`/);
  assert.match(advice({ notCollected: { "types.retainerPath": "Ask." } }), /give that a limit\. `memscope run --ownership-graph` finds who/);
  assert.match(advice({ types }), /give that a limit\. One of them is kept alive by `\[Cache\]\.element`\.$/);
  assert.match(advice({}), /give that a limit\.$/);
  assert.equal(advice({}, { ...grown, isRuntime: true }), "");
});

test("a program that was not seen to allocate is not called fine", () => {
  const all = findings(report({ summary: { ...heap, allocations: 0, frees: 0 } }));
  assert.deepEqual(titles(all, "unknown"), ["No allocation was seen"]);
  assert.equal(titles(all, "fine").includes("Nothing was lost"), false);
  assert.match(judgement(all), /among what was measured/);
});

test("what is freed at exit has grown all the same", () => {
  const all = findings(report({ summary: heap, peak: { holders: [], time: 1 },
    growth: [{ ...grown, name: "", function: "f", file: "/a/F.swift", line: 8, bytes: [1, 4 * MiB, 0] }] }));
  assert.deepEqual(titles(all, "problem"), ["f grows without bound"]);
  assert.equal(all[0].href, "#growth?growth-filter=f+F.swift%3A8");
});

test("what a runtime keeps and what is a few blocks is never a problem of growth, however small the heap is at the end", () => {
  const small = { ...heap, peakBytes: 400 * 1024 };
  const all = findings(report({ summary: small, growth: [
    { ...grown, name: "", function: "_dispatch_continuation_alloc_from_heap", file: "", bytes: [256, 350 * 1024], isRuntime: true },
    { ...grown, name: "", function: "_dispatch_few", file: "", bytes: [256, 4_096], isRuntime: true }, { ...grown, name: "Token", bytes: [256, 60 * 1024] }] }));
  assert.deepEqual(titles(all, "problem"), []);
  assert.deepEqual(titles(all, "look"), ["_dispatch_continuation_alloc_from_heap grows without bound", "Token grows without bound"]);
});

test("what leaks and grows is one problem, not two", () => {
  const group = { category: "definite", type: "Session", blocks: 9, bytes: 90, retainedBytes: 90, function: "f", file: "", line: 0 };
  const rows = ["Session", "Closure", "Basket"].map((name) => ({ ...grown, name, verdict: "leak", bytes: [0, 9 * MiB] }));
  const all = findings(report({ summary: heap, peak: { holders: [], time: 1 }, leaks: { blocks: 9, bytes: 90, groups: [group] }, growth: rows }));
  assert.deepEqual(titles(all, "problem"), ["9 blocks of Session leaked"]);
  assert.equal(titles(all, "look")[0], "What leaks grows from sample to sample");
});

test("growth of which too little was seen is not called fine", () => {
  const all = findings(report({ notCollected: { growth: "Only two intervals were seen." }, growth: [{ ...grown, verdict: "warmingUp" }] }));
  assert.deepEqual(titles(all, "unknown"), ["Whether anything grows is not known"]);
  assert.equal(all[0].text, "Only two intervals were seen.");
  assert.match(judgement(all), /among what was measured/);
});

test("many suspended tasks lead to the row of the place that made them", () => {
  const site = { function: "accept", file: "/a/S.swift", line: 7, suspended: 552, liveBytes: 0 };
  const all = findings(report({ taskSites: [site] }));
  assert.deepEqual(titles(all, "look"), ["552 tasks of one place are suspended"]);
  assert.equal(all[0].href, "#tasks?task-sites-sort=suspended");
});

test("contention is a possibility, told of the program's own objects and only at a rate that is stated", () => {
  const object = { address: "0x7", type: "App.Cache", name: null, retains: 900_000, releases: 900_000, threads: 6, isContended: true };
  const ledger = (objects) => report({ retainLedger: { state: "on", sites: [], thresholds: { stormEventsPerSecond: 100_000, contendedThreads: 4 }, objects } });
  const all = findings(ledger([object, { ...object, type: "Swift.DispatchGlobalTaskExecutor" }, { ...object, type: "App.Slow", retains: 870, releases: 870 },
    { ...object, type: "App.Alone", isContended: false }]));
  assert.deepEqual(titles(all, "look"), ["App.Cache is retained and released by 6 threads"]);
  assert.match(all[0].text, /^900\u202f000 times a second over the whole run: threads .* may contend for its reference count\.$/);
  assert.equal(all[0].href, "#ownership?retained-filter=0x7");
  assert.deepEqual(titles(findings(ledger([{ ...object, type: "Swift._DictionaryStorage<Swift.String, App.User>" }])), "look").length, 1);
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

test("a note gives no advice on libraries that their reader does not build", () => {
  const note = (path) => `${path} was built without debug information: names, but no lines. Add -g.`;
  for (const path of ["/opt/swift/usr/lib/swift/linux/libswiftCore.so", "/usr/lib/x86_64-linux-gnu/libz.so", "/lib64/ld-linux-x86-64.so.2", "/usr/bin/python3"]) {
    assert.equal(noteText(note(path)), `${path} was built without debug information: names, but no lines.`);
  }
  for (const path of ["/srv/app", "/usr/local/bin/app", "/home/anna/lib/libours.so"]) assert.equal(noteText(note(path)), note(path));
  assert.equal(noteText("/lib/libc.so.6 has compressed debug information, which is not read: no lines. Build with -gz=none."),
    "/lib/libc.so.6 has compressed debug information, which is not read: no lines.");
});

test("a peak between bounds that read the same is told once", () => {
  assert.equal(peakText({ bytes: 2_048, upperBound: 2_048 }), "exactly 2.00 KiB");
  assert.equal(peakText({ bytes: 2_048, upperBound: 4_096 }), "between 2.00 KiB and 4.00 KiB");
  assert.equal(peakText({ bytes: 1_425_000, upperBound: 1_425_100 }), "1.36 MiB, at most 100 B more");
});

test("the arrow of a captured value says which, and its target says what", () => {
  assert.equal(fieldLabel("capture 0 (Demo.Session)"), ".capture 0");
  assert.equal(fieldLabel("closed"), ".closed");
});

test("tasks that hang are told where what they hold grows, and the same advice is given once", () => {
  const frame = { function: "f", file: "/a/F.swift", line: 8 };
  const site = { ...frame, suspended: 200, liveBytes: 0, running: 0, enqueued: 0, complete: 0, unknown: 0 };
  const all = findings(report({ summary: heap, peak: { holders: [], time: 1 }, taskSites: [site], leaks: { blocks: null, bytes: null, groups: [] },
    growth: [{ ...grown, ...frame, kind: "callSite", name: "" }, grown, { ...grown, name: "Pool", bytes: [1, 3 * MiB] }] }));
  const rows = all.filter((finding) => finding.title.includes("without bound"));
  assert.match(rows.find((row) => row.title.startsWith("f ")).text, /200 tasks that it created are suspended\.$/);
  assert.match(rows.find((row) => row.title.startsWith("f ")).advice, /never resumed/);
  assert.deepEqual(rows.map((row) => row.advice.includes("--leaks")).sort(), [false, false, true]);
});

test("what is missing for one reason is told once", () => {
  assert.deepEqual(byReason({ leaks: "Ask.", safety: "Never.", cycles: "Ask." }), [[["leaks", "cycles"], "Ask."], [["safety"], "Never."]]);
});

test("a name that is too long loses its modules before it loses what it is", () => {
  assert.equal(withoutModules("closure context (Demo.Session, Swift.ContinuousClock.Instant)"), "closure context (Session, Instant)");
});

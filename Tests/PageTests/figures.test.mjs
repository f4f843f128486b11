// Run with: node --test Tests/PageTests

import assert from "node:assert/strict";
import { test } from "node:test";

import { format, parse } from "../../Sources/MemScopeDashboard/Page/address.js";
import { bytes, count, duration, plural, roundUp, share, signed } from "../../Sources/MemScopeDashboard/Page/figures.js";
import { csv, field, matching } from "../../Sources/MemScopeDashboard/Page/table.js";
import { lanes, rates, spread, ticks } from "../../Sources/MemScopeDashboard/Page/timescale.js";

test("bytes keep three significant digits, and what is not known is no zero", () => {
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(1023), "1023 B");
  assert.equal(bytes(1536), "1.50 KiB");
  assert.equal(bytes(10 * 1024 * 1024), "10.0 MiB");
  assert.equal(bytes(-2048), "−2.00 KiB");
  assert.equal(bytes(null), "–");
});

test("counts are grouped, shares need a whole, durations choose their unit", () => {
  assert.equal(count(1234567), "1\u202f234\u202f567");
  assert.equal(share(1, 0), "");
  assert.equal(share(1, 3), "33 %");
  assert.equal(share(1, 100_000), "< 0.1 %");
  assert.equal(duration(0), "0 s");
  assert.equal(duration(1_500_000), "1.5 ms");
  assert.equal(duration(90e9), "90.00 s");
  assert.equal(plural(1, "block"), "1 block");
  assert.equal(plural(2, "block"), "2 blocks");
});

test("changes carry their sign", () => {
  assert.equal(signed(2048, bytes), "+2.00 KiB");
  assert.equal(signed(-5, count), "−5");
  assert.equal(signed(0, count), "±0");
});

test("an address keeps view and settings, whatever is in them", () => {
  const settings = { search: "a&b=#c?", metric: "liveBytes", node: 0, none: null };
  const parsed = parse(format("flame", settings));
  assert.equal(parsed.view, "flame");
  assert.equal(parsed.settings.get("search"), "a&b=#c?");
  assert.equal(parsed.settings.get("node"), "0");
  assert.equal(parsed.settings.has("none"), false);
  assert.equal(parse("").view, "");
});

test("CSV quotes what must be quoted, and no text becomes a formula", () => {
  assert.equal(field('say "a, b"'), '"say ""a, b"""');
  assert.equal(field("=HYPERLINK(1)"), "'=HYPERLINK(1)");
  assert.equal(field(-5), "-5");
  const columns = [{ label: "Name", plain: (row) => row.name }, { label: "Live", key: "live" }, { label: "Stack" }];
  assert.equal(csv(columns, [{ name: "a,b", live: 3 }]), 'Name,Live\r\n"a,b",3\r\n');
});

test("a filter wants all words, in any column that has text", () => {
  const columns = [{ label: "Name", plain: (row) => row.name }, { label: "Where", plain: (row) => row.where }];
  const rows = [{ name: "User.init", where: "User.swift" }, { name: "User.init", where: "Main.swift" }];
  assert.deepEqual(matching(columns, rows, "user MAIN"), [rows[1]]);
  assert.equal(matching(columns, rows, " ").length, 2);
});

test("labels go into rows, and what finds no room has none", () => {
  const places = spread([{ at: 0, width: 50 }, { at: 10, width: 50 }, { at: 20, width: 50 }, { at: 95, width: 50 }], 2, 100);
  assert.deepEqual(places.map((place) => place.row), [0, 1, -1, -1]);
  assert.equal(spread([{ at: 95, width: 50 }], 2, 100)[0].x, 50);
});

test("ticks are round, and a scale ends above its largest", () => {
  assert.deepEqual(ticks(10e9, 5), [0, 2e9, 4e9, 6e9, 8e9, 10e9]);
  assert.equal(roundUp(700 * 1024), 800 * 1024);
  assert.equal(roundUp(1), 1);
});

test("spans lie below each other where they overlap, and what finds no row is without one", () => {
  assert.deepEqual(lanes([{ from: 0, to: 10 }, { from: 2, to: 4 }, { from: 3, to: 9 }, { from: 5, to: 6 }, { from: 11, to: 12 }], 2), [0, 1, -1, 1, 0]);
  assert.deepEqual(lanes([], 2), []);
});

test("rates are of what was allocated in between", () => {
  const samples = [0, 1, 2, 3, 4].map((second) => ({ time: second * 1e9, allocatedBytes: 1_000 * second }));
  assert.deepEqual(rates(samples, 2).map((rate) => rate.bytesPerSecond), [1_000, 1_000]);
  assert.deepEqual(rates(samples.slice(0, 1), 2), []);
});

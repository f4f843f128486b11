// What is concluded rather than counted: growth, boundaries, inferences, safety. Each says how sure it is.

import { badge, breakable, element, frameText, nothing, notice, picture, place, prose, trust } from "#page/elements";
import { flameOf, framed, named } from "#page/columns";
import { bytes, confidence, count, duration, signed } from "#page/figures";
import { chosenStretch, stretchText, wholeTime } from "#page/stretch";
import { table } from "#page/table";
import { whyAlive } from "#page/types";

const verdicts = {
  leak: ["leak", "cut"], unbounded: ["grows without bound", "cut"], bounded: ["bounded", ""], warmingUp: ["still warming up", ""],
};

/** What is missing of a section that has rows all the same. */
function partly(report, section) {
  return report.notCollected[section] ? element("p", { class: "muted" }, ...prose(report.notCollected[section])) : null;
}

/** A series as a small line. */
function course(values, label) {
  const known = values.map((value) => (Number.isFinite(value) ? value : 0));
  const highest = Math.max(1, ...known);
  const points = known.map((value, index) =>
    `${((150 * index) / Math.max(known.length - 1, 1)).toFixed(1)},${(32 - (30 * value) / highest).toFixed(1)}`).join(" ");
  return picture("svg", { class: "course", width: 150, height: 34, viewBox: "0 0 150 34", role: "img", "aria-label": label },
    picture("polyline", { class: "live", points }));
}

/**
 * A row of growth in a stretch: its course from before the first interval to the last, and how fast it changed. Pure.
 * @param {{from: number, to: number} | null} stretch
 */
export function growthIn(row, intervals, stretch) {
  const last = row.bytes[row.bytes.length - 1] ?? 0;
  if (!stretch || row.bytes.length !== intervals.length) return { ...row, last };
  const ends = intervals.map((interval) => interval.endNanoseconds);
  const [before, until] = [ends.indexOf(stretch.from), ends.indexOf(stretch.to)];
  const part = (values) => [before < 0 ? 0 : values[before], ...values.slice(before + 1, until + 1)];
  const rate = (values) => (1e9 * (values[values.length - 1] - values[0])) / (stretch.to - stretch.from);
  const [inBytes, inBlocks] = [part(row.bytes), part(row.blocks)];
  return { ...row, bytes: inBytes, blocks: inBlocks, bytesPerSecond: rate(inBytes), blocksPerSecond: rate(inBlocks),
    last: inBytes[inBytes.length - 1] };
}

/** @param {import("#page/data").Page} page */
export function growth({ report, tree }) {
  if (report.growth.length === 0) return nothing(report.notCollected.growth ?? "Nothing grew from sample to sample.");
  const { intervals } = report.timeline;
  const end = intervals[intervals.length - 1]?.endNanoseconds;
  const stretch = chosenStretch(report);
  const paths = new Map(report.types.filter((type) => type.retainerPath).map((type) => [type.name, type.retainerPath]));
  const rows = report.growth.map((row) => ({ ...growthIn(row, intervals, stretch), title: row.name || row.function,
    retainerPath: row.kind === "type" ? paths.get(row.name) : null }));
  // From where it began to where it happened to be is no rate of what goes up and down.
  for (const row of stretch ? [] : rows.filter((each) => each.verdict === "bounded")) row.bytesPerSecond = row.blocksPerSecond = null;
  return element("div", {},
    stretch ? notice(`Courses and rates are those in ${stretchText(stretch)}; verdicts and their reasons are of the whole run. `,
      wholeTime()) : element("p", { class: "muted" },
      `Whether something grows is concluded from its course${end ? ` over ${duration(end)}` : ""}: each row says why and how sure that is.`),
    table([
      { label: "What", plain: (row) => `${row.title} ${row.file ? place(row) : ""} ${row.verdict} ${row.reason}`, cell: (row) => element("div", {},
        row.kind === "type" ? element("div", { class: "function" }, ...breakable(row.name)) : frameText(row, flameOf(row, tree)),
          badge(...(verdicts[row.verdict] ?? [row.verdict, ""])), " ", badge(confidence(row.confidence), "trust"),
        element("div", { class: "place" }, row.reason)) },
      { label: "Course", cell: (row) => course(row.bytes, `From ${bytes(row.bytes[0] ?? 0)} to ${bytes(row.last)}`) },
      { label: "Bytes a second", key: "bytesPerSecond", bar: true,
        text: (value) => (value === null ? "–" : signed(value, bytes)) },
      { label: "Blocks a second", key: "blocksPerSecond", text: (value) => (value === null ? "–" :
        signed(Math.round(value * 10) / 10, (size) => (size >= 100 ? count(size) : String(size)))) },
      { label: "At the end", key: "last", text: bytes },
      ...(rows.some((row) => row.retainerPath)
        ? [{ label: "One is kept alive by", cell: whyAlive, plain: (row) => row.retainerPath?.root ?? "" }] : []),
    ], rows, { name: "growth", caption: "What grows" }),
    report.notCollected["types.retainerPath"] ? element("p", { class: "muted" }, ...prose("What keeps it alive is known with `memscope run --ownership-graph`.")) : null,
    partly(report, "growth"));
}

/** @param {import("#page/data").Page} page */
export function boundaries({ report, tree }) {
  if (report.boundaries.length === 0)
    return nothing(report.notCollected.boundaries ?? "No block crossed from one module to another.");
  return element("div", {}, element("p", { class: "muted" }, "Blocks that one module allocated and another one freed, or nobody so far."), table([
    named("Allocated in", (row) => row.allocatedIn), named("Freed in", (row) => row.freedIn ?? "never freed"),
    { label: "Bytes", key: "bytes", text: bytes, bar: true },
    { label: "Blocks", key: "blocks", text: count },
      framed("Most of it from", tree),
  ], report.boundaries, { name: "boundaries", sort: "bytes", caption: "Blocks that one module allocated and another freed" }),
  partly(report, "boundaries"));
}

const kinds = { copyOnWriteStorm: "copies on write", couldBeStruct: "could be a struct" };

/** @param {import("#page/data").Page} page */
export function inferences({ report, tree }) {
  if (report.inferences.length === 0) return nothing(report.notCollected.inferences ?? "Nothing was concluded from this run: no storage was copied again and again, and no class was found that could as well be a struct.");
  return element("div", {}, element("p", { class: "muted" }, "Guesses with their grounds, not measurements."),
    table([
      { label: "What", plain: (row) => `${row.kind} ${row.text} ${row.type ?? ""}`, cell: (row) =>
        element("div", {}, badge(kinds[row.kind] ?? row.kind, "cut"), " ", badge(confidence(row.confidence), "trust"),
        element("div", {}, row.text)) },
      { label: "Count", key: "count", text: count },
      { label: "Bytes", key: "bytes", text: bytes, bar: true },
        framed("Where", tree),
    ], report.inferences, { name: "inferences", sort: "bytes", caption: "Inferences" }), partly(report, "inferences"));
}

/**
 * What the report has on suspicious use of memory; its form belongs to later versions, so any row is shown.
 * @param {import("#page/data").Page} page
 */
export function safety({ report }) {
  if (report.safety.length === 0) {
    return nothing(report.notCollected.safety ? `${report.notCollected.safety} Uses of freed memory and overruns are found by a build with AddressSanitizer: swift build --sanitize=address.`
      : "Nothing suspicious was seen.");
  }
  return element("ol", { class: "findings" }, ...report.safety.map((row) =>
    element("li", { class: "finding problem" }, element("span", { class: "sign", "aria-hidden": "true" }, "!"),
    element("div", {}, element("h3", {}, row.text ?? row.kind ?? "Suspicious use of memory", " ", trust(row)), row.function
      ? frameText(row) : null))));
}

// Types and sizes: the census of the heap.

import { format } from "#page/address";
import { badge, baseNames, breakable, element, link, nothing } from "#page/elements";
import { figures, named } from "#page/columns";
import { bytes, count, duration, plural, share, signed } from "#page/figures";
import { stretchLine, stretchOf, stretchTable, typesTrust } from "#page/stretched";
import { table } from "#page/table";

/** Columns that only newer reports fill. */
function extra(rows) {
  const known = (key) => rows.some((row) => typeof row[key] === "number");
  return [
    known("growthBytes") ? { label: "Growth", key: "growthBytes", text: (value) => signed(value, bytes),
      says: "Live bytes against the report before" } : null,
    known("chargedBytes") ? { label: "Its buffers", key: "chargedBytes", text: bytes,
      says: "Storage of arrays, strings and their kin that its blocks alone refer to, besides its own bytes" } : null,
    rows.some((row) => row.retainerPath) ? { label: "Kept alive by", cell: whyAlive, plain: (row) => row.retainerPath?.root ?? "" } : null,
    known("averageAgeSeconds") ? { label: "Mean age", key: "averageAgeSeconds", text: age,
      says: "Ages are told in steps of 8 seconds" } : null,
  ].filter(Boolean);
}

/**
 * No closer than ages are known.
 * @param {number} seconds
 */
export function age(seconds) {
  return seconds < 8 ? "under 8 s" : seconds < 120 ? `${Math.round(seconds)} s` : duration(seconds * 1e9);
}

/** Live bytes by kind, largest first. Pure. */
export function byKind(rows) {
  const sums = new Map();
  for (const row of rows) sums.set(row.kind, (sums.get(row.kind) ?? 0) + row.liveBytes);
  return [...sums].map(([kind, bytes]) => ({ kind, bytes })).filter((each) => each.bytes > 0).sort((a, b) => b.bytes - a.bytes);
}

/** The kinds as a bar, each with a way to its types. */
function kinds(report) {
  const parts = byKind(report.types);
  const whole = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (parts.length < 2) return null;
  const hue = (part, index) => (part.kind === "raw" || part.kind === "untyped" ? "hue-0" : `hue-${1 + (index % 6)}`);
  return element("div", {},
    element("div", { class: "stack", role: "img", "aria-label": parts.map((part) => `${part.kind} ${bytes(part.bytes)}`).join(", ") },
      ...parts.map((part, index) => element("i", {
        class: `part ${hue(part, index)}`, style: { width: `${(100 * part.bytes) / whole}%` }, title: `${part.kind}: ${bytes(part.bytes)}`,
      }))),
    element("p", { class: "kinds" }, ...parts.slice(0, 12).flatMap((part, index) => [
      element("span", {}, element("i", { class: `swatch ${hue(part, index)}` }),
        link(format("types", { "types-filter": part.kind }), part.kind), ` ${bytes(part.bytes)}, ${share(part.bytes, whole)}`), " ",
    ])));
}

/** Why an object of the type is alive: from a root of the program, each object with the field of it that refers to the next. */
export function whyAlive({ retainerPath: path }) {
  if (!path) return "–";
  const steps = path.steps.map((step) => element("li", { title: step.address },
    element("span", { class: "function" }, ...breakable(step.field ? `${step.type}.${step.field}` : step.type)), step.name ? ` (${step.name})` : null));
  // The middle of a long way is what its report leaves out.
  if (path.stepsLeftOut) steps.splice(Math.floor(steps.length / 2), 0, element("li", { class: "muted" }, `${plural(path.stepsLeftOut, "step")} left out`));
  return element("details", {}, element("summary", { title: path.root }, baseNames(path.root)), element("ol", { class: "notes" }, ...steps));
}

/** Types in a stretch of time: what a stack allocated is told by what all its blocks were. */
function ofStretch(page, stretch, name) {
  const { report } = page;
  const uncertain = new Set(report.timeline.uncertainTypes.map((index) => report.types[index]?.name));
  return element("div", {},
    stretchLine(page, stretch, "Sizes, ages and what keeps objects alive are not known of a stretch of time."),
    typesTrust(report) ? element("p", { class: "muted" }, typesTrust(report),
      " A block's type is read when it is freed or at the end, so what a stack allocated in a stretch counts for the type of most of its blocks. Types that share no stack are exact.") : null,
    element("p", { class: "muted" }, link(format("flame", { by: "type" }), "As a picture")),
    stretchTable(page, "types", stretch, { ...name, cell: (row) => element("div", {}, name.cell(row), uncertain.has(row.name)
      ? badge("inferred", "trust") : null) }, "Types that are not listed", { name: "types", caption: "Types in a stretch of time" }));
}

/** @param {import("#page/data").Page} page */
export function types(page) {
  const { report } = page;
  const range = (row) => (row.from === row.to ? `${count(row.from)} B` : `${count(row.from)} – ${count(row.to)} B`);
  const untyped = report.types.find((row) => row.name === "untyped");
  const rows = report.types.map((row) => ({ ...row, mean: row.liveBlocks > 0 ? row.liveBytes / row.liveBlocks : null }));
  const name = { ...named("Type", (row) => row.name), plain: (row) => `${row.name} ${row.kind}`,
    cell: (row) => element("div", { class: "function" }, ...breakable(row.name), " ", row.kind !== row.name ? badge(row.kind)
      : null) };
  const stretch = stretchOf(report, "types");
  if (stretch) return ofStretch(page, stretch, name);
  return element("div", {},
    report.notCollected.types ? nothing(report.notCollected.types) : null,
    report.types.length > 0 ? element("p", { class: "muted" }, untyped
      ? `${bytes(untyped.liveBytes)} live in blocks that hold no Swift object: C strings, buffers, and what C and C++ allocate. `
      : "",
      link(format("flame", { by: "type" }), "As a picture")) : null,
    kinds(report),
    table([name, ...figures, ...extra(rows), { label: "Mean size", key: "mean", text: bytes }], rows,
      { name: "types", sort: "liveBytes", limit: 50, caption: "Types", empty: "Nothing was allocated." }),
    element("h3", {}, "By size"),
    table([named("Bytes asked for", range), ...figures], report.sizes,
      { name: "sizes", limit: 60, caption: "Sizes", empty: "Nothing was allocated." }));
}

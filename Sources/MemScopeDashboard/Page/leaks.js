// What leaked: each shape of cycle as a picture with the reference to cut, and everything by type and place.

import { format, remember, setting } from "#page/address";
import { framed, named } from "#page/columns";
import { cyclePicture, withoutModules } from "#page/cyclepicture";
import { badge, breakable, button, element, link, nothing, notice, place, whenSized } from "#page/elements";
import { bytes, count, duration, plural } from "#page/figures";
import { copyButton } from "#page/details";
import { outline } from "#page/outline";
import { cycleName, retainedRows, rowsOf, ways } from "#page/retained";
import { fromRows } from "#page/shape";
import { table } from "#page/table";

/** What the categories of leaks mean. */
export const leakKinds = {
  definite: "nothing refers to it", cycle: "part of a cycle", held: "held by a leak or a cycle",
  dead: "deinitialised, kept by unowned references",
};

/** @param {import("#page/data").Page} page */
export function leaks({ report, tree }) {
  const found = report.leaks;
  if (found.blocks === null)
    return nothing(report.notCollected.leaks ?? "Leaks were not looked for: ask for it with memscope run --leaks.");
  const about = [`The threads stood still for ${duration(found.pauseNanoseconds)}; the search took ${duration(found.scanNanoseconds)}.`];
  if (found.suppressedBlocks)
    about.push(`${plural(found.suppressedBlocks, "block")} of ${bytes(found.suppressedBytes)} were suppressed.`);
  if (found.ignoredBlocks)
    about.push(`The program says of ${plural(found.ignoredBlocks, "block")} of ${bytes(found.ignoredBytes)} that they are no leaks.`);
  if (found.roots.length > 0 && found.roots.filter((name) => name !== "unaligned").length < 5)
    about.push(`Searched as roots: ${found.roots.join(", ")} only.`);
  if (typeof found.newBlocks === "number") {
    about.push(`Since the search before: ${count(found.newBlocks)} new, ${count(found.knownBlocks)} known already, ${count(found.goneBlocks)} gone.`);
  }
  const dead = found.deadBlocks > 0 ? element("p", {}, deadText(found)) : null;
  if (found.groups.length === 0)
    return element("div", {}, headline(report), dead, element("p", { class: "muted" }, about.join(" ")), checks(found));
  const rows = found.groups.map((group) => ({ ...group, kindText: leakKinds[group.category] ?? group.category }));
  const held = ways(report);
  const hasWays = rows.some((row) => row.category === "held" && held.has(row.type));
  const total = found.groups.reduce((sum, group) => sum + group.bytes, 0);
  const all = found.bytes + (found.deadBytes ?? 0);
  return element("div", {}, headline(report), dead,
    element("p", { class: "muted" }, about.join(" ")),
    report.cycles.length > 0 ? cycles(report) : null,
    report.cycles.length > 0 && report.notCollected.cycles ? element("p", { class: "muted" }, report.notCollected.cycles) : null,
    element("h3", {}, found.blocks === 0 ? "What is dead, by type and place" : "Everything that leaked, by type and place"),
    table([
      named("Type", (row) => row.type, (row) => `${row.kindText} · ${row.address}`),
      { label: "Keeps", key: "retainedBytes", text: bytes, bar: true, says: "With everything that only it leads to" },
      { label: "Bytes", key: "bytes", text: bytes },
      { label: "Blocks", key: "blocks", text: count },
      ...(typeof found.newBlocks === "number" ? [{ label: "New", key: "newBlocks", text: count, says: "Not found by the search before" }] : []),
      framed("Allocated in", tree, "leakedBytes"),
      ...(hasWays ? [{ label: "One is held by", cell: (row) => heldBy(row, held), plain: (row) => held.get(row.type)?.from ?? "" }] : []),
    ], rows, { name: "leaks", sort: "retainedBytes", caption: "Leaked blocks by type and place" }),
    retained(report), checks(found),
    element("p", {}, link(format("flame", { metric: "leakedBytes" }), "All leaks in the flame graph"), " · ",
      element("span", { class: "muted" }, total < all ? `${bytes(all - total)} in smaller rows are not listed.`
        : "All rows are listed.")));
}

/** What leaked, in a sentence. */
function headline({ leaks: { blocks, bytes: leaked }, cycles: shapes }) {
  if (blocks === 0) return element("p", { class: "fine" }, "✓ Nothing leaked: every live block can be reached.");
  return element("p", { class: "headline" }, `${plural(blocks, "block")} of ${bytes(leaked)} cannot be reached any more`,
    shapes.length > 0 ? `, ${plural(shapes.length, "shape")} of retain cycle among them.` : ". No cycle keeps itself alive.");
}

/** Objects that are no leaks and still wasted. */
function deadText({ deadBlocks, deadBytes }) {
  return `${plural(deadBlocks, "object")} of ${bytes(deadBytes)} ${deadBlocks === 1 ? "is" : "are"} dead and not freed: ` +
    `deinitialised, and unowned references keep the memory.`;
}

/** What keeps what, as a tree that opens. */
function retained(report) {
  // A single cycle that keeps everything has this tree beside its picture.
  const isShown = report.cycles.length === 1 && report.cycles[0].retained.length > 1 && report.cycles[0].retainedBytes === report.leaks.bytes;
  const shape = fromRows(retainedRows(report));
  if (shape.total === 0 || isShown) return null;
  return element("div", {}, element("h3", {}, "What keeps what"),
    element("p", { class: "muted" }, "Below each cycle, and each block that nothing refers to, stands what it alone keeps: what would be freed with it."),
    outline(shape, bytes, () => {}, "What leaked, by what keeps it"));
}

/** The way from a cycle or a leak to a block that it holds. */
function heldBy(row, held) {
  const way = row.category === "held" ? held.get(row.type) : undefined;
  if (!way) return "–";
  return element("details", {}, element("summary", {}, ...breakable(way.from)), element("ol", { class: "notes" },
    ...way.steps.map((step) => element("li", {}, step.field ? `${step.field} → ` : "→ ",
      element("span", { class: "function" }, ...breakable(step.type))))));
}

/** What scopes that look for their own leaks have found. */
function checks(found) {
  if (!found.checks?.length) return null;
  return element("div", {}, element("h3", {}, "Found by scopes that look for their own leaks"), table([
    named("Scope", (row) => row.scope),
    { label: "Runs looked at", key: "runs", text: count },
    { label: "Runs that leaked", key: "leakingRuns", text: count, bar: true },
    { label: "Blocks", key: "blocks", text: count },
    { label: "Bytes", key: "bytes", text: bytes },
  ], found.checks, { name: "leak-checks", sort: "bytes", caption: "Leaks found by scopes" }));
}

/** A list of the shapes beside the picture of the one that is chosen. */
function cycles(report) {
  const list = element("div", { class: "chooser", role: "group", "aria-label": "Shapes of cycles" });
  const shown = element("article", { class: "cycle" });
  const choose = (index) => {
    [...list.children].forEach((child, at) => child.setAttribute("aria-pressed", String(at === index)));
    shown.replaceChildren(...cycle(report.cycles[index]));
  };
  report.cycles.forEach((row, index) => {
    const chooser = button("", () => {
      choose(index);
      remember({ cycle: index });
    }, { "aria-pressed": "false" });
    chooser.append(element("strong", {}, row.members.map((member) => shortName(member.type)).join(" ⇄ ")),
      element("span", { class: "muted" }, `${count(row.instances)} × · ${bytes(row.retainedBytes)}`));
    list.append(chooser);
  });
  const asked = Number(setting("cycle") ?? 0);
  choose(asked >= 0 && asked < report.cycles.length ? asked : 0);
  return element("div", {}, element("h3", {}, "Retain cycles"), element("div", { class: "beside" }, list, shown));
}

/** A type's name without its module. */
export function shortName(name) {
  const short = withoutModules(name);
  return short.length > 34 ? `${short.slice(0, 33)}…` : short;
}

/** The references of a way from an object back to it, as a list. */
function steps(row) {
  return element("ol", { class: "steps" }, ...row.members.map((member, index) => {
    const next = row.members[(index + 1) % row.members.length];
    const made = row.edges[index].createdBy;
    return element("li", { class: index === row.suggestedEdge ? "cut" : null },
      element("span", { class: "function" }, `${member.type}.${row.edges[index].field}`), " → ",
        element("span", { class: "function" }, next.type), " ",
      index === row.suggestedEdge ? badge("make this weak", "cut") : null,
      member.closure ? element("div", { class: "place" }, `the closure is ${member.closure.function} ${place(member.closure)}`) : null,
      element("div", { class: "place" }, [member.function && `allocated in ${member.function}`, member.file && place(member),
        member.address].filter(Boolean).join(" · ")),
      made?.stack?.length ? element("div", { class: "place" },
        `the reference was taken in ${made.stack[0].function} (${place(made.stack[0])})${made.task ? ` by ${made.task}` : ""}`)
        : null);
  }));
}

/** Another cycle of the same objects, which has to be cut as well. */
function further(row) {
  return element("section", { class: "further" }, element("h4", {}, "They hold each other in another way, too, which has to be cut as well"), steps(row),
    row.suggestion ? notice(element("strong", {}, "And: "), row.suggestion, " ", badge("inferred", "trust")) : null);
}

/** How many cycles of a shape the search before has not found, where there was one. */
function newText({ instances, newInstances }) {
  if (typeof newInstances !== "number") return "";
  if (newInstances === 0) return " The search before has found them all.";
  if (newInstances === instances) return instances === 1 ? " It is new." : " All of them are new.";
  return ` ${count(newInstances)} of them ${newInstances === 1 ? "is" : "are"} new.`;
}

function cycle(row) {
  const host = element("div", { class: "picture" });
  let drawn = 0;
  whenSized(host, () => {
    const width = Math.floor(host.clientWidth);
    if (width > 0 && width !== drawn) host.replaceChildren(cyclePicture(row, Math.min(width, 760)));
    drawn = width;
  });
  const larger = row.objects > row.members.length ? ` It is part of ${count(row.objects)} objects that all lead to each other.`
    : "";
  return [
    element("p", {}, `${plural(row.instances, "cycle")} of this shape ${row.instances === 1 ? "keeps" : "keep"} `,
      element("strong", {}, bytes(row.retainedBytes)),
      ` with everything that hangs below.${larger}${newText(row)}`),
    row.suggestion ? notice(element("strong", {}, "What to change: "), row.suggestion, " ", badge("inferred", "trust"))
      : notice("No rule says which reference to make weak: the one whose object should not decide how long the other lives."),
    host, element("details", {}, element("summary", {}, "The same as a list"), steps(row)),
    ...(row.further ?? []).map(further),
    copyButton("Copy cycle", () => row.members.map((member, index) =>
      `${member.type}.${row.edges[index].field} -> ${row.members[(index + 1) % row.members.length].type}`).join("\n")),
    ...row.retained.length > 1 ? [element("h4", {}, "What they keep"),
      outline(fromRows(rowsOf({ label: cycleName(row), detail: `${plural(row.instances, "cycle")}`, kept: row.retained })), bytes, () => {},
        "What these cycles keep")] : [],
  ];
}

// What leaked, and the cycles that hold it.

import { element, frameCell, table } from "#page/elements";
import { bytes, count, duration } from "#page/figures";
import { empty, name } from "#page/tables";

const kinds = {
  definite: "nothing refers to it", cycle: "part of a cycle", held: "held by a leak or a cycle",
  dead: "deinitialised, kept by unowned references",
};

/** Leaked blocks by kind, type and place; `show` opens a stack in the call tree. */
export function leaks(report, show) {
  const found = report.leaks;
  if (found.blocks === null) return empty(report, "leaks", "Leaks were not looked for.");
  const about = `The threads stood still for ${duration(found.pauseNanoseconds)}; the scan took ${duration(found.scanNanoseconds)} ` +
    `in a copy of the process.${found.suppressedBlocks ? ` ${count(found.suppressedBlocks)} blocks were suppressed.` : ""}`;
  const rows = found.groups.length === 0
    ? element("p", {}, "Every live block can be reached.")
    : table([
      { label: "Type", cell: (row) => name(row.type, `${kinds[row.category]} · ${row.address}`) },
      { label: "Keeps", key: "retainedBytes", text: bytes }, { label: "Bytes", key: "bytes", text: bytes },
      { label: "Blocks", key: "blocks", text: count }, { label: "Allocated in", cell: frameCell },
      {
        label: "", cell: (row) => element("td", {}, row.node < 0 ? ""
          : element("button", { type: "button", onclick: () => show(row.node + 1), title: "Show in the call tree" }, "↓ tree")),
      },
    ], found.groups, { sort: "retainedBytes", limit: 15 });
  return element("div", {}, rows, element("p", { class: "muted" }, about));
}

/** Each shape of cycle: its objects, the references between them, and which of these to make weak. */
export function cycles(report) {
  if (report.leaks.blocks === null) return empty(report, "cycles", "Cycles were not looked for.");
  if (report.cycles.length === 0) return element("p", { class: "muted" }, "No cycle keeps itself alive.");
  const shown = report.cycles.slice(0, 25);
  const rest = report.cycles.length - shown.length;
  return element("div", {}, ...shown.map(cycle), rest ? element("p", { class: "muted" }, `${count(rest)} more are in report.json.`) : null);
}

function cycle(row) {
  const size = row.objects > row.members.length ? `, up to ${count(row.objects)} objects that lead to each other` : "";
  const steps = row.members.map((member, index) => {
    const next = row.members[(index + 1) % row.members.length];
    const place = member.line ? ` ${member.function} ${member.file.split("/").pop()}:${member.line}` : ` ${member.function}`;
    return element("li", index === row.suggestedEdge ? { class: "suggested" } : {},
      element("strong", {}, member.type), `.${row.edges[index].field} → `, element("strong", {}, next.type),
      element("span", { class: "place" }, place));
  });
  return element("article", { class: "cycle" },
    element("p", {}, `${count(row.instances)} × ${row.members.length === 1 ? "an object that refers to itself" : `${row.members.length} objects`}` +
      `${size}, ${bytes(row.retainedBytes)} kept`),
    element("ol", {}, ...steps),
    row.suggestion ? element("p", { class: "notice" }, `${row.suggestion} (inferred)`) : null);
}

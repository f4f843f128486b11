// Threads: what each allocated, and a matrix of who freed what others had allocated.

import { element, nothing } from "#page/elements";
import { figures, named } from "#page/columns";
import { bytes, count, share } from "#page/figures";
import { stretchLine, stretchOf, stretchTable } from "#page/stretched";
import { table } from "#page/table";

/**
 * Threads that gave or took most, and the pairs between them; the diagonal is what a thread freed of its own. Pure.
 * @returns {{threads: object[], cells: ({frees: number, bytes: number})[][], leftOut: number}}
 */
export function matrix(threads, handovers, most) {
  const moved = threads.map(() => 0);
  for (const pair of handovers) {
    moved[pair.allocatedBy] += pair.frees;
    moved[pair.freedBy] += pair.frees;
  }
  const chosen = threads.map((_, index) => index).sort((a, b) => moved[b] - moved[a] || a - b).slice(0, most).sort((a, b) => a - b);
  const at = new Map(chosen.map((thread, index) => [thread, index]));
  const cells = chosen.map(() => chosen.map(() => ({ frees: 0, bytes: 0 })));
  let leftOut = 0;
  for (const pair of handovers) {
    if (!at.has(pair.allocatedBy) || !at.has(pair.freedBy)) {
      leftOut += pair.frees;
      continue;
    }
    const cell = cells[at.get(pair.allocatedBy)][at.get(pair.freedBy)];
    cell.frees += pair.frees;
    cell.bytes += pair.bytes;
  }
  chosen.forEach((thread,
    index) => { cells[index][index].frees += Math.max(threads[thread].frees - (threads[thread].freedByOthers ?? 0), 0); });
  return { threads: chosen.map((thread) => threads[thread]), cells, leftOut };
}

const title = (thread) => `${thread.name || "unnamed"} ${thread.tid}`;

function matrixTable(report) {
  const { threads: rows, cells, leftOut } = matrix(report.threads, report.handovers, 16);
  const largest = Math.max(1, ...cells.flat().map((cell) => cell.frees));
  const cell = (value, isOwn, row, column) => {
    const depth = value.frees > 0 ? 0.12 + 0.55 * Math.sqrt(value.frees / largest) : 0;
    return element("td", { class: isOwn ? "number own" : "number", style: { "--depth": depth.toFixed(2) },
      title: `${title(rows[column])} freed ${count(value.frees)} blocks that ${title(rows[row])} allocated${value.bytes ? `, ${bytes(value.bytes)}` : ""}` },
    value.frees > 0 ? count(value.frees) : "·");
  };
  return element("div", {},
    element("p", { class: "muted" }, "Blocks freed: allocated by the thread of the row, freed by that of the column. On the diagonal is what each freed of its own."),
    element("div", { class: "scroll", tabindex: "0", role: "region",
    "aria-label": "Allocated here, freed there" },
    element("table", { class: "matrix" },
      element("caption", { class: "unseen" }, "Blocks freed, by who allocated and who freed them"),
      element("thead", {}, element("tr", {}, element("td", {}), ...rows.map((thread) =>
        element("th", { scope: "col" }, title(thread))))),
      element("tbody", {}, ...rows.map((thread, row) => element("tr", {}, element("th", { scope: "row" }, title(thread)),
        ...cells[row].map((value, column) => cell(value, row === column, row, column))))))),
  leftOut > 0 ? element("p", { class: "muted" }, `${count(leftOut)} more blocks moved between threads that are not shown here.`)
    : null);
}

/** @param {import("#page/data").Page} page */
export function threads(page) {
  const { report } = page;
  if (report.threads.length === 0) return nothing(report.notCollected.threads ?? "No thread allocated.");
  const stretch = stretchOf(report, "threads");
  if (stretch) {
    return element("div", {},
      stretchLine(page, stretch, "Blocks count for the thread that allocated them; who freed what others had allocated is known of the whole run alone."),
      stretchTable(page, "threads", stretch, named("Thread", title, (row) => (row.hasExited ? "has ended" : "")), "Of threads that are not told apart",
        { name: "threads", caption: "Threads in a stretch of time" }));
  }
  const moved = report.handovers.reduce((sum, pair) => sum + pair.frees, 0);
  const rows = report.threads.map((thread) => ({ ...thread, title: title(thread), freedByOthers: thread.freedByOthers ?? 0,
    freedForOthers: thread.freedForOthers ?? 0,
    rate: report.process.durationNanoseconds ? (1e9 * thread.allocatedBytes) / report.process.durationNanoseconds : null }));
  return element("div", {},
    element("h3", {}, "Allocated here, freed there"),
    moved > 0 ? element("p", {},
      `${count(moved)} blocks (${share(moved, report.summary.frees)} of all frees) were freed by another thread than the one that allocated them. They go back to the arena they came from, where they may not be needed.`)
      : nothing("Every block was freed by the thread that allocated it, or not yet."),
    moved > 0 ? matrixTable(report) : null,
    element("h3", {}, "All threads"),
    table([named("Thread", (row) => row.title, (row) => (row.hasExited ? "has ended" : "")), ...figures,
      { label: "A second", key: "rate", text: (value) => `${bytes(value)}/s`,
      says: "Bytes allocated a second, over the whole run" },
      { label: "Peak", key: "peakBytes", text: bytes },
      { label: "Freed by others", key: "freedByOthers", text: count, says: "Blocks it allocated and others freed" },
      { label: "Freed for others", key: "freedForOthers", text: count, says: "Blocks others allocated and it freed" }],
    rows, { name: "threads", sort: "allocatedBytes", caption: "Threads" }));
}

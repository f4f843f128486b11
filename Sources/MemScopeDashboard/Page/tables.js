// Types, threads, tasks, scopes and sizes.

import { element, table } from "#page/elements";
import { bytes, count } from "#page/figures";

const figures = [
  { label: "Live", key: "liveBytes", text: bytes },
  { label: "Live blocks", key: "liveBlocks", text: count },
  { label: "Allocated", key: "allocatedBytes", text: bytes },
  { label: "Allocations", key: "allocations", text: count },
  { label: "Frees", key: "frees", text: count },
];

function name(text, detail) {
  return element("td", { class: "name" }, text, detail ? element("span", { class: "place" }, ` ${detail}`) : null);
}

function empty(report, section, otherwise) {
  return element("p", { class: "muted" }, report.notCollected[section] ?? otherwise);
}

export function types(report) {
  if (report.types.length === 0) return empty(report, "types", "Nothing was allocated.");
  return table([{ label: "Type", cell: (row) => name(row.name, row.kind === "untyped" ? "" : row.kind) }, ...figures],
    report.types, { sort: "allocatedBytes", limit: 15 });
}

export function threads(report) {
  if (report.threads.length === 0) return empty(report, "threads", "No thread allocated.");
  return table([
    { label: "Thread", cell: (row) => name(row.name || "(no name)", `${row.tid}${row.hasExited ? ", ended" : ""}`) },
    ...figures, { label: "Temporary", key: "temporaries", text: count },
  ], report.threads, { sort: "allocatedBytes", limit: 15 });
}

export function tasks(report) {
  if (report.tasks.length === 0) return empty(report, "tasks", "No task allocated.");
  return table([{ label: "Task", cell: (row) => name(row.name || "(no name)", `#${row.id}`) }, ...figures],
    report.tasks, { sort: "allocatedBytes", limit: 15 });
}

export function scopes(report) {
  if (report.scopes.length === 0) return empty(report, "scopes", "The program entered no scope.");
  const path = (row) => (row.parent < 0 ? row.name : `${path(report.scopes[row.parent])} › ${row.name}`);
  return table([
    { label: "Scope", cell: (row) => name(path(row)) }, { label: "Entered", key: "entries", text: count }, ...figures,
    { label: "Allocated itself", key: "selfAllocatedBytes", text: bytes },
  ], report.scopes, { sort: "allocatedBytes", limit: 15 });
}

export function sizes(report) {
  if (report.sizes.length === 0) return empty(report, "sizes", "Nothing was allocated.");
  const range = (row) => (row.from === row.to ? `${count(row.from)} B` : `${count(row.from)} – ${count(row.to)} B`);
  return table([{ label: "Size", cell: (row) => name(range(row)) }, ...figures], report.sizes);
}

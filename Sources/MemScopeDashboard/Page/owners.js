// Whose memory it is, as trees to draw: by type, task, scope or thread. All functions are pure.

import { place } from "#page/elements";

/**
 * `same` is what a row is called in every run, where its label says more; `hue` 0 is grey.
 * @typedef {{parent: number, self: number, label: string, same?: string, detail?: string, hue?: number, mark?: import("#page/shape").Mark}} Row
 */

/** The figures that every owner has; stacks have more. */
export const ownerMetrics = ["liveBytes", "liveBlocks", "allocatedBytes", "allocations"];

/**
 * The part of a type's name that says where it comes from: its module.
 * @param {string} name
 */
export function moduleOf(name) {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)\./.exec(name);
  return match ? match[1] : /->|^closure/.test(name) ? "closures" : "the runtime";
}

/**
 * Rows below the groups they belong to.
 * @returns {Row[]}
 */
function grouped(rows, groupOf) {
  const groups = new Map();
  const result = [];
  for (const row of rows) {
    const group = groupOf(row);
    if (!groups.has(group.key)) {
      groups.set(group.key, result.length);
      result.push({ parent: -1, self: 0, label: group.label, detail: group.detail, hue: 1 + (groups.size % 6), mark: group.mark });
    }
    const parent = groups.get(group.key);
    result.push({ parent, self: row.self, label: row.label, same: row.same, detail: row.detail, hue: result[parent].hue });
  }
  return result;
}

/** How much of a figure the whole process has. */
function whole(report, metric) {
  if (metric === "leakedBytes") return report.leaks.bytes ?? 0;
  if (metric === "leakedBlocks") return report.leaks.blocks ?? 0;
  return report.summary?.[metric] ?? 0;
}

/**
 * The rows, and what the process has besides them, so that the picture is of all there is.
 * @param {Row[]} rows
 * @returns {Row[]}
 */
function completed(report, metric, rows, label) {
  const rest = whole(report, metric) - rows.reduce((sum, row) => sum + Math.max(row.self, 0), 0);
  return rest > 0 ? [...rows, { parent: -1, self: rest, label, hue: 0 }] : rows;
}

/** What leaked of each type, those first that the report has figures of. */
function leakedByType(report, metric) {
  const sums = new Map(report.types.map((row) => [row.name, { self: 0, label: row.name, detail: row.kind }]));
  for (const group of report.leaks.groups) {
    if (!sums.has(group.type)) sums.set(group.type, { self: 0, label: group.type, detail: "" });
    sums.get(group.type).self += metric === "leakedBytes" ? group.bytes : group.blocks;
  }
  return [...sums.values()];
}

function byType(report, metric) {
  const rows = metric.startsWith("leaked") ? leakedByType(report, metric)
    : report.types.map((row) => ({ self: row[metric], label: row.name, detail: row.kind }));
  return completed(report, metric, grouped(rows, (row) => {
    const module = row.label === "untyped" ? "untyped" : moduleOf(row.label);
    return { key: module, label: module };
  }), "types that are not listed");
}

function byScope(report, metric) {
  const key = `self${metric[0].toUpperCase()}${metric.slice(1)}`;
  const rows = report.scopes.map((row) => ({ parent: row.parent, self: row[key] ?? row[metric] ?? 0, label: row.name,
    detail: report.isOfStretch ? "" : `entered ${row.entries} times` }));
  // What leaked is told with that of inner scopes.
  if (metric.startsWith("leaked")) {
    for (const row of report.scopes) if (row.parent >= 0) rows[row.parent].self -= row[metric] ?? 0;
  }
  return completed(report, metric, rows, "outside of any scope");
}

function byTask(report, metric) {
  const listed = new Map();
  const rows = [];
  for (const task of report.tasks) {
    const self = task[metric] ?? 0;
    listed.set(task.site, (listed.get(task.site) ?? 0) + self);
    rows.push({ site: task.site, self, label: task.name || `task ${task.id}`, same: task.name || "tasks without a name",
      detail: task.state });
  }
  report.taskSites.forEach((site, index) => {
    const rest = (site[metric] ?? 0) - (listed.get(index) ?? 0);
    if (rest > 0) rows.push({ site: index, self: rest, label: report.isOfStretch ? "its tasks" : "tasks that are gone or not listed", detail: "" });
  });
  return completed(report, metric, grouped(rows, (row) => {
    const site = report.taskSites[row.site];
    return { key: row.site, label: site ? site.function : "created elsewhere", detail: site ? place(site) : "", mark: "creation" };
  }), "outside of any task");
}

function byThread(report, metric) {
  return completed(report, metric, grouped(report.threads.map((row) => ({ self: row[metric], name: row.name,
    label: `${row.name || "unnamed"} ${row.tid}`, same: "threads of this name", detail: row.hasExited ? "has ended" : "" })),
  (row) => ({ key: row.name, label: row.name || "unnamed" })), "threads that are not listed");
}

/** The ways to divide the heap; `leaked` are the figures of leaks that they have. */
export const divisions = [
  { key: "stack", label: "call stack" },
  { key: "type", label: "type", rows: byType, section: "types", leaked: ["leakedBytes", "leakedBlocks"] },
  { key: "task", label: "task", rows: byTask, section: "taskSites", leaked: ["leakedBytes"] },
  { key: "scope", label: "scope", rows: byScope, section: "scopes", leaked: ["leakedBytes"] },
  { key: "thread", label: "thread", rows: byThread, section: "threads", leaked: [] },
];

/**
 * The figures that a division has in a report.
 * @returns {string[]}
 */
export function metricsOf(division, report) {
  const isKnown = report.leaks.blocks > 0 && (division.key === "type" || report[division.section].some((row) =>
    typeof row.leakedBytes === "number"));
  return isKnown ? [...ownerMetrics, ...division.leaked] : ownerMetrics;
}

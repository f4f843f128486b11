// Whose memory it is, as trees to draw: by type, task, scope or thread. All functions are pure.

import { place } from "#page/elements";

/** @typedef {{parent: number, self: number, label: string, detail?: string, hue?: number, mark?: string}} Row */

/** The part of a type's name that says where it comes from: its module. @param {string} name */
export function moduleOf(name) {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)\./.exec(name);
  return match ? match[1] : /->|^closure/.test(name) ? "closures" : "the runtime";
}

/** Rows below the groups they belong to. @returns {Row[]} */
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
    result.push({ parent, self: row.self, label: row.label, detail: row.detail, hue: result[parent].hue });
  }
  return result;
}

function byType(report, metric) {
  return grouped(report.types.map((row) => ({ self: row[metric], label: row.name, detail: row.kind })), (row) => {
    const module = row.label === "untyped" ? "untyped" : moduleOf(row.label);
    return { key: module, label: module };
  });
}

function byScope(report, metric) {
  const key = `self${metric[0].toUpperCase()}${metric.slice(1)}`;
  return report.scopes.map((row) => ({ parent: row.parent, self: row[key], label: row.name,
    detail: `entered ${row.entries} times` }));
}

function byTask(report, metric) {
  const listed = new Map();
  const rows = [];
  for (const task of report.tasks) {
    listed.set(task.site, (listed.get(task.site) ?? 0) + task[metric]);
    rows.push({ site: task.site, self: task[metric], label: task.name || `task ${task.id}`, detail: task.state });
  }
  report.taskSites.forEach((site, index) => {
    const rest = site[metric] - (listed.get(index) ?? 0);
    if (rest > 0) rows.push({ site: index, self: rest, label: "tasks that are gone or not listed", detail: "" });
  });
  return grouped(rows, (row) => {
    const site = report.taskSites[row.site];
    return { key: row.site, label: site ? site.function : "created elsewhere", detail: site ? place(site) : "", mark: "creation" };
  });
}

function byThread(report, metric) {
  return grouped(report.threads.map((row) => ({ self: row[metric], label: `${row.name || "unnamed"} ${row.tid}`, name: row.name,
    detail: row.hasExited ? "has ended" : "" })), (row) => ({ key: row.name, label: row.name || "unnamed" }));
}

/** The ways to divide the heap, with the figures each has. */
export const divisions = [
  { key: "stack", label: "call stack" },
  { key: "type", label: "type", rows: byType, section: "types" },
  { key: "task", label: "task", rows: byTask, section: "taskSites" },
  { key: "scope", label: "scope", rows: byScope, section: "scopes" },
  { key: "thread", label: "thread", rows: byThread, section: "threads" },
];

/** The figures that every owner has; stacks have more. */
export const ownerMetrics = ["liveBytes", "liveBlocks", "allocatedBytes", "allocations"];

// On whose behalf: threads, tasks and scopes.

import { element, table } from "#page/elements";
import { bytes, count, duration } from "#page/figures";
import { empty, figures, name } from "#page/tables";

/** A scope with the scopes around it. */
function path(report, index) {
  const row = report.scopes[index];
  return row.parent < 0 ? row.name : `${path(report, row.parent)} › ${row.name}`;
}

/** The column of leaked bytes, if leaks were looked for. */
function leaked(report) {
  return report.leaks.blocks === null ? [] : [{ label: "Leaked", key: "leakedBytes", text: bytes }];
}

export function threads(report) {
  if (report.threads.length === 0) return empty(report, "threads", "No thread allocated.");
  const label = (row) => `${row.name || "(no name)"} ${row.tid}`;
  const seconds = report.process.durationNanoseconds / 1e9;
  const rows = report.threads.map((row) => ({ ...row, rate: seconds > 0 ? row.allocatedBytes / seconds : 0 }));
  return element("div", {},
    table([
      { label: "Thread", cell: (row) => name(row.name || "(no name)", `${row.tid}${row.hasExited ? ", ended" : ""}`) },
      ...figures, { label: "Peak", key: "peakBytes", text: bytes }, { label: "Temporary", key: "temporaries", text: count },
      { label: "Rate", key: "rate", text: (rate) => `${bytes(rate)}/s` },
      { label: "Freed by others", key: "freedByOthers", text: count },
      { label: "Freed for others", key: "freedForOthers", text: count },
    ], rows, { sort: "allocatedBytes", limit: 15 }),
    report.queues.length === 0 ? null : element("details", {},
      element("summary", {}, `By dispatch queue, outside of tasks: ${count(report.queues.length)}`),
      table([{ label: "Queue", cell: (row) => name(row.label) }, ...figures], report.queues,
        { sort: "allocatedBytes", limit: 15 })),
    report.handovers.length === 0 ? null : element("details", {},
      element("summary", {}, `Allocated by one thread, freed by another: ${count(report.handovers.length)} pairs`),
      table([
        { label: "Allocated by", cell: (row) => name(label(report.threads[row.allocatedBy])) },
        { label: "Freed by", cell: (row) => name(label(report.threads[row.freedBy])) },
        { label: "Blocks", key: "frees", text: count }, { label: "Bytes", key: "bytes", text: bytes },
      ], report.handovers, { sort: "bytes", limit: 15 })));
}

const kinds = { unstructured: "Task", detached: "detached", groupChild: "group child", asyncLet: "async let" };

function there(row) {
  return row.running + row.enqueued + row.suspended + row.complete + row.unknown;
}

/** Tasks by the place that created them, then those that were there at the end. */
export function tasks(report) {
  if (report.taskSites.length === 0) return empty(report, "tasks", "No task allocated.");
  const place = (row) => (row.line ? `${row.file.split("/").pop()}:${row.line}` : row.module);
  const sites = report.taskSites.map((row) => ({ ...row, there: there(row) }));
  return element("div", {},
    table([
      { label: "Created by", cell: (row) => name(row.function, `${kinds[row.kind]} ${place(row)}`) },
      { label: "Created", key: "created", text: count }, { label: "There", key: "there", text: count },
      { label: "Suspended", key: "suspended", text: count }, { label: "Ended", key: "finished", text: count },
      { label: "Mean lifetime", key: "meanLifetime", text: duration }, ...figures,
      ...leaked(report),
    ], sites, { sort: "liveBytes", limit: 15 }),
    report.tasks.length === 0 ? null : element("details", {},
      element("summary", {}, `Tasks that were there: ${count(report.tasks.length)}`), listed(report)));
}

function listed(report) {
  const end = report.process.durationNanoseconds;
  const rows = report.tasks.map((row) => ({ ...row, silent: Math.max(end - row.lastSeen, 0) }));
  const detail = (row) => [`#${row.id}`, kinds[row.kind], row.state, row.parent ? `of #${row.parent}` : "",
    row.scope >= 0 ? `${row.hasOutlivedScope ? "outlived " : "in "}${path(report, row.scope)}` : ""].filter(Boolean).join(" · ");
  return table([
    { label: "Task", cell: (row) => name(row.name || "(no name)", detail(row)) },
    { label: "Silent for", key: "silent", text: duration }, { label: "Slabs", key: "slabBytes", text: bytes },
    { label: "Peak", key: "peakBytes", text: bytes }, ...figures,
  ], rows, { sort: "liveBytes", limit: 15 });
}

/** Scopes with their totals, and what one run allocates and leaves behind. */
export function scopes(report) {
  if (report.scopes.length === 0) return empty(report, "scopes", "The program entered no scope.");
  const rows = report.scopes.map((row, index) => ({
    ...row, path: path(report, index), perRun: row.runs.allocations.mean, left: row.runs.retainedBytes.mean,
    leftMost: row.runs.retainedBytes.largest,
  }));
  const range = (figure, text) => `median ${text(figure.median)}, 95 % at most ${text(figure.percentile95)}, ` +
    `largest ${text(figure.largest)}`;
  return table([
    { label: "Scope", cell: (row) => name(row.path, row.runs.ended ? `allocations: ${range(row.runs.allocations, count)}` : "") },
    { label: "Entered", key: "entries", text: count }, { label: "Allocations a run", key: "perRun", text: count },
    { label: "Left behind a run", key: "left", text: bytes }, { label: "at most", key: "leftMost", text: bytes },
    ...figures, ...leaked(report), { label: "Allocated itself", key: "selfAllocatedBytes", text: bytes },
  ], rows, { sort: "allocatedBytes", limit: 15 });
}

// Tasks: who created whom, what state they are in, how long they have been silent, and what they hold.

import { badge, breakable, element, nothing, place, tick } from "#page/elements";
import { remember, setting } from "#page/address";
import { figures, framed, heldAlone, leaked, named } from "#page/columns";
import { bytes, count, duration, plural } from "#page/figures";
import { stretchLine, stretchOf, stretchTable } from "#page/stretched";
import { table } from "#page/table";

const kinds = { asyncLet: "async let", groupChild: "child of a group", unstructured: "unstructured", detached: "detached" };
const states = { running: "running", enqueued: "waiting for a thread", suspended: "suspended", complete: "complete",
  unknown: "state not known" };

/** Tasks below the tasks that created them; an ancestor that is not listed makes its children roots. Pure. */
export function taskTree(tasks) {
  const byID = new Map(tasks.map((task) => [task.id, task]));
  const children = new Map(tasks.map((task) => [task.id, []]));
  const roots = [];
  for (const task of tasks) {
    if (task.parent && task.parent !== task.id && byID.has(task.parent)) children.get(task.parent).push(task);
    else roots.push(task);
  }
  const rows = [];
  const seen = new Set();
  const visit = (task, depth) => {
    const pending = [[task, depth]];
    while (pending.length > 0) {
      const [at, level] = pending.pop();
      if (seen.has(at.id)) continue;
      seen.add(at.id);
      rows.push({ ...at, depth: level });
      for (const child of [...children.get(at.id)].reverse()) pending.push([child, level + 1]);
    }
  };
  for (const root of roots) visit(root, 0);
  // Parents that lead in a circle, which only a damaged report has.
  for (const task of tasks) if (!seen.has(task.id)) visit(task, 0);
  return rows;
}

function scopePath(report, index) {
  const names = [];
  for (let at = index, steps = 0; at >= 0 && steps < 100; at = report.scopes[at].parent, steps += 1)
    names.unshift(report.scopes[at].name);
  return names.join(" › ");
}

/** @param {import("#page/data").Page} page */
export function tasks(page) {
  const { report } = page;
  if (report.tasks.length === 0 && report.taskSites.length === 0)
    return nothing(report.notCollected.tasks ?? "No task of Swift Concurrency was seen to allocate.");
  const stretch = stretchOf(report, "taskSites");
  if (stretch) return ofStretch(page, stretch);
  const end = report.process.durationNanoseconds || Math.max(0, ...report.tasks.map((task) => task.lastSeen));
  const asTree = setting("flat") === null;
  const rows = (asTree ? taskTree(report.tasks) : report.tasks).map((task) => {
    const site = report.taskSites[task.site];
    const outlived = task.hasOutlivedScope ? `outlived ${scopePath(report, task.scope) || "its scope"}` : task.scope >= 0
      ? `in ${scopePath(report, task.scope)}` : "";
    return { ...task, siteText: site ? `${site.function} ${place(site)}` : "", sitePlace: site ? place(site) : "", outlived,
      silent: Math.max(0, end - task.lastSeen), age: Math.max(0, end - task.firstSeen), };
  });
  const name = {
    label: "Task", plain: (row) => `${row.name || `task ${row.id}`} ${row.kind} ${row.state} ${row.outlived} ${row.siteText}`,
    cell: (row) => element("div", { style: { "padding-left": `${Math.min(row.depth ?? 0, 12) * 1.1}rem` } },
      element("div", { class: "function" }, row.depth ? "↳ " : "", ...breakable(row.name || `task ${row.id}`), " ",
        badge(kinds[row.kind] ?? row.kind), " ", badge(states[row.state] ?? row.state, row.state), " ",
        row.hasOutlivedScope ? badge(row.outlived, "cut") : null),
      element("div", { class: "place" }, [row.siteText && !row.name.startsWith("created by ") ? `created in ${row.siteText}`
        : row.sitePlace, row.hasOutlivedScope ? "" : row.outlived].filter(Boolean).join(" · "))),
  };
  const there = report.taskSites.reduce((sum, site) => sum + thereOf(site), 0);
  return element("div", {},
    element("h3", {}, "Tasks that are there"),
    there > report.tasks.length ? element("p", {}, `${plural(there, "task")} ${there === 1 ? "is" : "are"} there. Listed ` +
      `${report.tasks.length === 1 ? "is the one that was" : `are ${count(report.tasks.length)} that were`} seen to allocate; ` +
      "all are counted below, by the place that created them.") : null,
    report.tasks.length > 0 ? element("div", { class: "controls" }, tick("below the tasks that created them", asTree, (on) => {
      remember({ flat: on ? null : 1 });
      dispatchEvent(new Event("hashchange"));
    })) : null,
    table([name, { label: "Age", key: "age", text: duration, says: "Since it was first seen to allocate" },
      { label: "Silent for", key: "silent", text: duration, says: "Since it was last seen to allocate" },
      ...figures,
      { label: "Peak", key: "peakBytes", text: bytes },
      ...heldAlone(rows), ...leaked(report.tasks)],
    rows, { name: "tasks", sort: asTree ? null : "liveBytes", limit: 50, caption: "Tasks", empty: "No task is there any more." }),
    element("h3", {}, "All tasks, by the place that created them"),
    table([{ ...framed("Created in"), cell: siteCell },
      { label: "Created", key: "created", text: count },
      { label: "Finished", key: "finished", text: count },
      { label: "Suspended", key: "suspended", text: count },
      { label: "Mean life", key: "meanLifetime", text: duration },
      ...figures,
      { label: "Largest peak", key: "largestPeakBytes", text: bytes,
        says: "The most that one task of this place held" }, ...leaked(report.taskSites), ...heldAlone(report.taskSites)],
    creationSites(report), { name: "task-sites", sort: "liveBytes", caption: "Places that created tasks" }),
    report.queues.length > 0 ? element("div", {}, element("h3", {}, "Outside of tasks, by dispatch queue"),
      table([named("Queue", (row) => row.label), ...figures], report.queues, { name: "queues", sort: "liveBytes" })) : null);
}

/** Places that created tasks; how long a task of theirs lives is known once one has finished, and its peak then or of those that are listed. Pure. */
export function creationSites({ taskSites, tasks }) {
  return taskSites.map((site, index) => {
    const peaks = tasks.filter((task) => task.site === index).map((task) => task.peakBytes);
    const known = site.finished > 0 ? [site.largestPeakBytes, ...peaks] : peaks;
    return { ...site, meanLifetime: site.finished > 0 ? site.meanLifetime : null, largestPeakBytes: known.length > 0 ? Math.max(...known) : null };
  });
}

/** Places that created tasks, and queues, in a stretch of time. */
function ofStretch(page, stretch) {
  return element("div", {},
    stretchLine(page, stretch, "By the place that created the task; single tasks, and what states they are in, are known of the end alone."),
    stretchTable(page, "taskSites", stretch, framed("Created in"), "Outside of tasks", { name: "task-sites", caption: "Places that created tasks, in a stretch of time" }),
    page.report.queues.length > 0 ? element("div", {}, element("h3", {}, "Outside of tasks, by dispatch queue"),
      stretchTable(page, "queues", stretch, named("Queue", (row) => row.label), "In tasks or on no queue", { name: "queues", caption: "Queues in a stretch of time" })) : null);
}

/** How many tasks of a place are there, whatever their state. */
function thereOf(site) {
  return site.running + site.enqueued + site.suspended + site.complete + site.unknown;
}

function siteCell(row) {
  const there = thereOf(row);
  const what = Object.keys(states).filter((state) => row[state] > 0).map((state) => `${count(row[state])} ${states[state]}`);
  return element("div", { class: "frame" }, element("div", { class: "function" }, ...breakable(row.function), " ",
    badge(kinds[row.kind] ?? row.kind)),
    element("div", { class: "place" }, `${place(row)}${there > 0 ? ` · ${plural(there, "task")} there: ${what.join(", ")}` : ""}`));
}

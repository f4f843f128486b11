// What happened at instants of the timeline: runs of scopes in a lane, snapshots as ticks, and both as tables.

import { element, picture } from "#page/elements";
import { bytes, count, duration, plural } from "#page/figures";
import { lanes } from "#page/timescale";
import { table } from "#page/table";

const lane = { height: 15, most: 12, narrowest: 2 };
const reasons = { exit: "at the end of the process", period: "by the clock", signal: "by a signal", leaks: "leaks were looked for",
  request: "the program asked for it" };

/** A scope's name below those around it. */
export function scopePath(scopes, index) {
  const names = [];
  for (let at = index, steps = 0; at >= 0 && at < scopes.length && steps < 100; at = scopes[at].parent, steps += 1)
    names.unshift(scopes[at].name);
  return names.join(" › ");
}

/** Runs that touch a stretch of time, each with its path and how long it lasted. Pure. */
export function runsIn({ timeline: { scopeRuns }, scopes }, { from, to }) {
  return scopeRuns.filter((run) => from === null || (run.end >= from && run.begin <= to))
    .map((run) => ({ ...run, path: scopePath(scopes, run.scope), lasted: run.end - run.begin }));
}

/** Why a snapshot was taken. */
export function reasonText({ reason, hasLeakSearch }) {
  const text = reasons[reason] ?? reason;
  return hasLeakSearch && reason !== "leaks" ? `${text}; leaks were looked for` : text;
}

function runText(run) {
  const lasted = run.hasEnded ? duration(run.lasted) : `${duration(run.lasted)} so far`;
  const did = run.hasEnded ? `: allocated ${bytes(run.allocatedBytes)} in ${plural(run.allocations, "block")}, left ${bytes(run.retainedBytes)}` : "";
  return `${run.path}, from ${duration(run.begin)}, ${lasted}${did}`;
}

/**
 * The rows in which the runs find room at this width.
 * @returns {{runs: object[], rows: number, without: number}}
 */
export function placeRuns(report, x) {
  const runs = runsIn(report, { from: null, to: null });
  const spans = runs.map((run) => ({ from: x(run.begin), to: Math.max(x(run.end), x(run.begin) + lane.narrowest) }));
  const rows = lanes(spans, lane.most);
  const placed = runs.map((run, index) => ({ ...run, ...spans[index], row: rows[index] }));
  return { runs: placed.filter((run) => run.row >= 0), rows: Math.max(0, ...rows.map((row) => row + 1)),
    without: placed.filter((run) => run.row < 0).length };
}

/** How tall the lane is. */
export function laneHeight({ rows }) {
  return rows === 0 ? 0 : rows * lane.height + 8;
}

/** Draws the runs below each other, those of one scope in one hue. */
export function drawRuns(svg, { runs }, top) {
  for (const run of runs) {
    const y = top + run.row * lane.height;
    const room = Math.floor((run.to - run.from - 6) / 7);
    const name = run.path.split(" › ").pop();
    svg.append(picture("rect", { class: `run run-${1 + (run.scope % 6)}${run.hasEnded ? "" : " lasts"}`, x: run.from, y,
      width: run.to - run.from, height: lane.height - 2, rx: 1.5 }, picture("title", {}, runText(run))));
    if (room >= 4) {
      svg.append(picture("text", { class: "runtext", x: run.from + 3, y: y + lane.height - 5 },
        name.length > room ? `${name.slice(0, room - 1)}…` : name, picture("title", {}, runText(run))));
    }
  }
}

/** Draws when snapshots were taken. */
export function drawSnapshots(svg, { timeline: { snapshots } }, x, bottom) {
  for (const snapshot of snapshots) {
    const at = x(snapshot.time);
    svg.append(picture("path", { class: snapshot.hasLeakSearch ? "snapshot searched" : "snapshot", d: `M${at} ${bottom}l-4 8h8z` },
      picture("title", {}, `Snapshot after ${duration(snapshot.time)}, ${reasonText(snapshot)}: ${bytes(snapshot.liveBytes)} live`)));
  }
}

/** What the picture leaves out, in words. */
export function cutText({ timeline }, { without }) {
  const { scopeRuns, scopeRunsRecorded, snapshots, snapshotsRecorded } = timeline;
  const texts = [];
  if (scopeRunsRecorded > scopeRuns.length)
    texts.push(`Of ${plural(scopeRunsRecorded, "run")} of scopes the ${count(scopeRuns.length)} longest are here; Scopes and routes has figures of all.`);
  if (without > 0) texts.push(`${plural(without, "run")} more ${without === 1 ? "is" : "are"} in the table alone: at this width there is no row left for ${without === 1 ? "it" : "them"}.`);
  if (snapshotsRecorded > snapshots.length) texts.push(`Of ${plural(snapshotsRecorded, "snapshot")} ${count(snapshots.length)} are shown.`);
  return texts.join(" ");
}

/** Runs and snapshots of a stretch as tables. */
export function eventTables(report, stretch) {
  const runs = runsIn(report, stretch);
  const isIn = ({ time }) => stretch.from === null || (time >= stretch.from && time <= stretch.to);
  const snapshots = report.timeline.snapshots.filter(isIn).map((row) => ({ ...row, why: reasonText(row) }));
  const runColumns = [
    { label: "Scope", plain: (row) => `${row.path}${row.hasEnded ? "" : " not over"}`,
      cell: (row) => element("span", {}, row.hasEnded ? row.path : `${row.path} (not over)`) },
    { label: "Began", key: "begin", text: duration, says: "By a clock that ticks every few milliseconds" },
    { label: "Lasted", key: "lasted", text: duration, says: "By a clock that ticks every few milliseconds" },
    { label: "Allocated", key: "allocatedBytes", text: bytes, says: "Inner scopes and child tasks included" },
    { label: "Allocations", key: "allocations", text: count },
    { label: "Left behind", key: "retainedBytes", text: bytes, says: "Live when the run ended" }];
  const snapshotColumns = [
    { label: "Snapshot", plain: (row) => row.why, cell: (row) => element("span", {}, row.why) },
    { label: "Time", key: "time", text: duration },
    { label: "Live", key: "liveBytes", text: bytes },
    { label: "Live blocks", key: "liveBlocks", text: count }];
  return [
    runs.length > 0 ? element("div", {}, element("h3", {}, "Runs of scopes"),
      table(runColumns, runs, { name: "runs", sort: "lasted", limit: 15, caption: "Runs of scopes" })) : null,
    snapshots.length > 0 ? element("div", {}, element("h3", {}, "Snapshots"),
      table(snapshotColumns, snapshots, { name: "snapshots", limit: 10, plain: snapshots.length < 10, caption: "Snapshots" })) : null];
}

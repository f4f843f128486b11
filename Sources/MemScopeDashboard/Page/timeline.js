// The heap over time, with marks and the peak. A stretch that is chosen goes along to every view.

import { format, setting, remember } from "#page/address";
import { button, element, link, nothing, picture, tick, whenSized } from "#page/elements";
import { cutText, drawRuns, drawSnapshots, eventTables, laneHeight, placeRuns } from "#page/events";
import { bytes, count, duration, roundUp } from "#page/figures";
import { chosenStretch, stretchText, wholeStretch } from "#page/stretch";
import { table } from "#page/table";
import { rates, spread, ticks } from "#page/timescale";
import { knowsRows } from "#page/window";

const edge = { left: 70, right: 16, bottom: 22 };
const heights = { picture: 250, rate: 60, labels: 16 };

/** The heap's course in small, as a way to the whole. */
export function sparkline(report) {
  const { samples } = report.timeline;
  if (samples.length < 3) return null;
  const end = samples[samples.length - 1].time || 1;
  const highest = Math.max(1, ...samples.map((sample) => sample.liveBytes));
  const points = samples.map((sample) =>
    `${((600 * sample.time) / end).toFixed(1)},${(58 - (54 * sample.liveBytes) / highest).toFixed(1)}`);
  return element("a", { href: "#timeline", class: "spark",
    "aria-label": `Live bytes over ${duration(end)}, at most ${bytes(highest)}. Open the timeline.` },
    picture("svg", { viewBox: "0 0 600 60", preserveAspectRatio: "none", "aria-hidden": "true" },
      picture("polygon", { class: "area", points: `0,60 ${points.join(" ")} 600,60` }),
      picture("polyline", { class: "live", points: points.join(" "), "vector-effect": "non-scaling-stroke" })),
    element("span", { class: "muted" }, `live bytes over ${duration(end)}`));
}

/** @param {import("#page/data").Page} page */
export function timeline({ report }) {
  const { samples, marks, intervals } = report.timeline;
  if (samples.length < 2)
    return nothing(report.notCollected.timeline ?? "Too few samples for a picture: the program ended before a second one was taken.");
  const live = Math.max(...samples.map((sample) => sample.liveBytes));
  const resident = Math.max(...samples.map((sample) => sample.residentBytes));
  // A resident set that towers over the heap would press the heap's line flat, so it starts out hidden then.
  let withResident = setting("resident") === null ? resident > 0 && resident <= 4 * live : setting("resident") === "1";
  const end = samples[samples.length - 1].time || 1;
  const state = chosenStretch(report) ?? { from: null, to: null };
  const host = element("div", { class: "picture" });
  const cut = element("p", { class: "muted cut" });
  const told = element("div", { class: "controls", role: "status" });
  const list = element("div", {});

  function draw() {
    if (!host.isConnected) return;
    const picture = drawing(report, Math.max(host.clientWidth, 300), { withResident, ...state });
    host.replaceChildren(picture.svg);
    cut.textContent = cutText(report, picture.placed);
    if (intervals.length > 0) brush(host.firstChild, end, choose);
    told.replaceChildren(...tell());
    list.replaceChildren(stretches(intervals, state, choose) ?? "");
  }

  /** A stretch is made of whole intervals: those that it touches. */
  function choose(from, to) {
    Object.assign(state, (from === null ? null : wholeStretch(intervals, from, to)) ?? { from: null, to: null });
    remember(state);
    draw();
    tables.replaceChildren(readable(report, marks, state));
  }

  function tell() {
    const { from, to } = state;
    if (intervals.length === 0) {
      return [element("span", { class: "muted" }, report.notCollected["timeline.intervals"]
        ?? "Stacks by stretch of time were not recorded in this report.")];
    }
    if (from === null) {
      return [element("span", { class: "muted" }, "Drag over the picture, or choose below, to see the stacks of a stretch of time alone.")];
    }
    return [element("strong", {}, stretchText(state)),
      link(format("flame", { from, to, metric: "grownBytes" }), "Show what was allocated in it and stayed"),
      link(format("flame", { from, to, metric: "allocatedBytes" }), "Show all that was allocated in it"),
      link(format("sites", { from, to }), "Its call sites"),
      ...[["types", "types"], ["scopes", "scopes"], ["tasks", "taskSites"], ["threads", "threads"]].filter(([, section]) => knowsRows(report, section))
        .map(([view]) => link(format(view, { from, to }), `Its ${view}`)),
      button("Clear", () => choose(null, null), { class: "quiet" })];
  }

  const tables = element("div", {}, readable(report, marks, state));
  whenSized(host, draw);
  const legend = element("span", { class: "legend" }, element("span", { class: "key line-live" }, "live bytes"),
    element("span", { class: "key line-rate" }, "allocated a second"),
    report.timeline.scopeRuns.length > 0 ? element("span", {}, "bars: runs of scopes") : null,
    report.timeline.snapshots.length > 0 ? element("span", {}, "▲ snapshots") : null);
  const residentTick = resident === 0 ? null : tick("resident set", withResident, (on) => {
    withResident = on;
    remember({ resident: on ? 1 : 0 });
    draw();
  });
  return element("div", {}, element("div", { class: "controls" }, legend, residentTick), host, cut, told, list, tables);
}

/** The stretches as a list, for those who cannot drag. */
function stretches(intervals, state, choose) {
  if (intervals.length === 0) return null;
  const options = (isEnd) => intervals.map((interval, index) => {
    const at = isEnd ? interval.endNanoseconds : intervals[index - 1]?.endNanoseconds ?? 0;
    return element("option", { value: at, selected: at === (isEnd ? state.to : state.from) },
      duration(at) + (interval.mark && isEnd ? ` (${interval.mark})` : ""));
  });
  const from = element("select", { "aria-label": "From" }, ...options(false));
  const to = element("select", { "aria-label": "To" }, ...options(true));
  if (state.to === null) to.selectedIndex = intervals.length - 1;
  return element("div", { class: "controls" }, element("span", {}, "From "), from, element("span", {}, "to"), to,
    button("Choose", () => choose(Number(from.value), Math.max(Number(to.value), Number(from.value) + 1))));
}

/** Drawing a stretch with the pointer; the page scrolls as before when the movement is upright. */
function brush(svg, end, choose) {
  const width = Number(svg.getAttribute("width"));
  const timeAt = (event) => {
    const x = event.clientX - svg.getBoundingClientRect().left;
    return Math.round(Math.max(0, Math.min(1, (x - edge.left) / (width - edge.left - edge.right))) * end);
  };
  let began = null;
  const shade = picture("rect", { class: "brush", y: 0, height: svg.getAttribute("height") });
  svg.addEventListener("pointerdown", (event) => {
    began = timeAt(event);
    svg.setPointerCapture(event.pointerId);
    svg.append(shade);
  });
  svg.addEventListener("pointermove", (event) => {
    if (began === null) return;
    const x = (time) => edge.left + ((width - edge.left - edge.right) * time) / end;
    const [from, to] = [began, timeAt(event)].sort((a, b) => a - b);
    shade.setAttribute("x", String(x(from)));
    shade.setAttribute("width", String(x(to) - x(from)));
  });
  svg.addEventListener("pointerup", (event) => {
    const [from, to] = [began ?? 0, timeAt(event)].sort((a, b) => a - b);
    began = null;
    shade.remove();
    if (to - from > end / 200) choose(from, to);
  });
  svg.addEventListener("pointercancel", () => {
    began = null;
    shade.remove();
  });
}

function drawing(report, width, { withResident, from, to }) {
  const { samples, marks } = report.timeline;
  const end = samples[samples.length - 1].time || 1;
  const shown = marks.map((mark, index) => ({ ...mark, text: mark.name.length > 28 ? `${mark.name.slice(0, 27)}…` : mark.name,
    index }));
  const plotWidth = width - edge.left - edge.right;
  const x = (time) => edge.left + (plotWidth * Math.min(time, end)) / end;
  const places = spread(shown.map((mark) => ({ at: x(mark.time), width: 6.4 * mark.text.length + 6 })), 3, width);
  const rows = Math.max(0, ...places.map((place) => place.row + 1));
  const top = 12 + rows * heights.labels;
  const bottom = top + heights.picture;
  const highest = roundUp(Math.max(1, report.peak.bytes, ...samples.map((sample) =>
    (withResident ? Math.max(sample.liveBytes, sample.residentBytes) : sample.liveBytes))));
  const y = (value) => bottom - (heights.picture * value) / highest;
  const rateTop = bottom + 12;
  const laneTop = rateTop + heights.rate + 8;
  const placed = placeRuns(report, x);
  const height = rateTop + heights.rate + laneHeight(placed) + edge.bottom;
  const line = (key) => samples.map((sample) => `${x(sample.time).toFixed(1)},${y(sample[key]).toFixed(1)}`).join(" ");
  const svg = picture("svg", { class: "timeline", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `Live bytes over ${duration(end)}: at most ${bytes(report.peak.bytes)} after ${duration(report.peak.time)}${placed.rows > 0 ? ", with runs of scopes below" : ""}. The same is in the tables below.` });
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const at = y(part * highest);
    svg.append(picture("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: at, y2: at }),
      picture("text", { x: edge.left - 8, y: at + 4, "text-anchor": "end" }, bytes(part * highest)));
  }
  for (const at of ticks(end, plotWidth / 110)) {
    svg.append(picture("text", { x: x(at), y: height - 5, "text-anchor": at === 0 ? "start" : x(at) > width - 50 ? "end"
      : "middle" }, duration(at).replace(/\.0+ /, " ")));
  }
  if (from !== null && from !== undefined)
    svg.append(picture("rect", { class: "chosen", x: x(from), width: Math.max(x(to) - x(from), 2), y: top,
    height: rateTop + heights.rate + laneHeight(placed) - top }));
  const speeds = rates(samples, Math.max(Math.floor(plotWidth / 6), 10));
  const fastest = Math.max(1, ...speeds.map((each) => each.bytesPerSecond));
  for (const each of speeds) {
    const tall = (heights.rate * each.bytesPerSecond) / fastest;
    svg.append(picture("rect", { class: "rate", x: x(each.from), width: Math.max(x(each.to) - x(each.from) - 0.5, 0.5),
      y: rateTop + heights.rate - tall, height: tall }));
  }
  svg.append(picture("text", { x: edge.left - 8, y: rateTop + 10, "text-anchor": "end" }, `${bytes(fastest)}/s`));
  if (withResident) svg.append(picture("polyline", { class: "resident", points: line("residentBytes") }));
  svg.append(picture("polygon", { class: "area", points: `${x(samples[0].time)},${y(0)} ${line("liveBytes")} ${x(end)},${y(0)}` }),
    picture("polyline", { class: "live", points: line("liveBytes") }));
  markLines(svg, shown, places, x, bottom);
  peakMark(svg, report, x, y, width, highest);
  drawSnapshots(svg, report, x, bottom);
  drawRuns(svg, placed, laneTop);
  return { svg, placed };
}

/** The peak is counted, not sampled: a line leads from it to where the samples around it are. */
function peakMark(svg, { peak, timeline: { samples } }, x, y, width, highest) {
  if (!peak.bytes || peak.bytes > highest) return;
  const [px, py] = [x(peak.time), y(peak.bytes)];
  const isRight = px > width - 170;
  const sample = samples.reduce((last, each) => (each.time <= peak.time ? each : last), samples[0]);
  svg.append(picture("line", { class: "peakstem", x1: px, x2: px, y1: py, y2: Math.max(y(sample.liveBytes), py) }), picture("circle", { class: "peak", cx: px, cy: py, r: 4 }),
    picture("text", { class: "peaktext", x: isRight ? px - 8 : px + 8, y: Math.max(py + 4, 12), "text-anchor": isRight ? "end"
      : "start" }, `peak ${bytes(peak.bytes)}`, picture("title", {}, `The peak of ${bytes(peak.bytes)} after ${duration(peak.time)} is counted; the line is made of samples`)));
}

/** Lines first: a name that one crosses lies on it. */
function markLines(svg, shown, places, x, bottom) {
  shown.forEach((mark, index) => {
    const { row } = places[index];
    const at = x(mark.time);
    svg.append(picture("line", { class: "mark", x1: at, x2: at, y1: row < 0 ? 12 + 3 * heights.labels - 8
      : 4 + row * heights.labels + 10, y2: bottom },
      picture("title", {}, mark.name)));
  });
  shown.forEach((mark, index) => {
    const { row, x: left } = places[index];
    if (row >= 0) svg.append(picture("text", { class: "marktext", x: left, y: 12 + row * heights.labels }, mark.text,
      picture("title", {}, mark.name)));
  });
}

/** The same as tables, of the chosen stretch alone if there is one. */
function readable(report, all, { from, to }) {
  const isIn = ({ time }) => from === null || (time >= from && time <= to);
  const samples = report.timeline.samples.filter(isIn);
  const marks = all.filter(isIn);
  const step = Math.max(1, Math.ceil(samples.length / 60));
  const columns = [{ label: "Time", key: "time", text: duration },
    { label: "Live", key: "liveBytes", text: bytes },
    { label: "Live blocks", key: "liveBlocks", text: count },
    { label: "Allocations so far", key: "allocations", text: count },
    { label: "Resident", key: "residentBytes", text: bytes }];
  const markColumns = [{ label: "Mark", plain: (row) => row.name, cell: (row) => element("span", {}, row.name) },
    { label: "Time", key: "time", text: duration },
    { label: "Live", key: "liveBytes", text: bytes },
    { label: "Live blocks", key: "liveBlocks", text: count }];
  return element("div", {},
    marks.length > 0 ? element("div", {}, element("h3", {}, "Marks"),
      table(markColumns, marks, { name: "marks", limit: 10, plain: marks.length <= 10 })) : null,
    ...eventTables(report, { from, to }),
    element("details", {}, element("summary", {}, "The same as a table"),
      table(columns, samples.filter((_, index) => index % step === 0 || index === samples.length - 1),
        { name: "timeline", limit: 100, caption: "Samples of the heap over time" })));
}

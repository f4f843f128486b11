// The heap over time, as a picture.

import { element, picture } from "#page/elements";
import { bytes, duration } from "#page/figures";

const width = 960;
const height = 240;
const edge = { left: 64, right: 12, top: 18, bottom: 22 };

/** A round upper end of the scale: 1, 2 or 5 times ten or so, in the largest binary unit that fits. */
export function roundUp(value) {
  let unit = 1;
  while (unit * 1024 <= value) unit *= 1024;
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]) if (step * unit >= value) return step * unit;
  return 1024 * unit;
}

export function timeline(report) {
  const { samples } = report.timeline;
  if (samples.length < 2) return element("p", { class: "muted" }, "Too few samples for a picture.");
  const live = Math.max(...samples.map((sample) => sample.liveBytes));
  const resident = Math.max(...samples.map((sample) => sample.residentBytes));
  // A resident set that towers over the heap would press the heap's line flat, so it starts out hidden then.
  const choice = element("input", { type: "checkbox", checked: resident <= 4 * live, onchange: redraw });
  const frame = element("div", { class: "scroll" });
  function redraw() {
    frame.replaceChildren(draw(report.timeline, choice.checked && resident > 0));
  }
  redraw();
  return element("div", {}, frame, element("div", { class: "legend" },
    element("span", {}, "live bytes"),
    resident > 0 ? element("label", {}, choice, element("span", { class: "resident" }, " resident set")) : null));
}

function draw({ samples, marks }, withResident) {
  const end = samples[samples.length - 1].time || 1;
  const highest = roundUp(Math.max(1, ...samples.map((sample) =>
    (withResident ? Math.max(sample.liveBytes, sample.residentBytes) : sample.liveBytes))));
  const x = (time) => edge.left + ((width - edge.left - edge.right) * time) / end;
  const y = (value) => height - edge.bottom - ((height - edge.top - edge.bottom) * value) / highest;
  const line = (key) => samples.map((sample) => `${x(sample.time).toFixed(1)},${y(sample[key]).toFixed(1)}`).join(" ");
  const drawing = picture("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Live bytes over time" });
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const at = y(part * highest);
    drawing.append(
      picture("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: at, y2: at }),
      picture("text", { x: edge.left - 6, y: at + 4, "text-anchor": "end" }, bytes(part * highest)));
    drawing.append(picture("text", { x: x(part * end), y: height - 6, "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle" }, duration(part * end)));
  }
  if (withResident) drawing.append(picture("polyline", { class: "resident", points: line("residentBytes") }));
  drawing.append(
    picture("polygon", { class: "area", points: `${x(samples[0].time)},${y(0)} ${line("liveBytes")} ${x(end)},${y(0)}` }),
    picture("polyline", { class: "live", points: line("liveBytes") }));
  for (const mark of marks) {
    const at = x(Math.min(mark.time, end));
    drawing.append(
      picture("line", { class: "mark", x1: at, x2: at, y1: edge.top - 4, y2: height - edge.bottom }),
      picture("text", { class: "marktext", x: at, y: edge.top - 6, "text-anchor": at > width - 120 ? "end" : "start" }, mark.name.slice(0, 40)));
  }
  return drawing;
}

// The summary and the honesty box.

import { element } from "#page/elements";
import { bytes, count, duration, share } from "#page/figures";

function card(label, value, detail) {
  return element("div", { class: "card" }, element("div", { class: "label" }, label),
    element("div", { class: "value" }, value), element("div", { class: "detail" }, detail));
}

/** The process-wide totals. */
export function summary(report) {
  const total = report.summary;
  const leaks = report.leaks.blocks === null ? null
    : card("Leaked", bytes(report.leaks.bytes), `${count(report.leaks.blocks)} blocks`);
  const peak = report.peak.upperBound > report.peak.bytes ? `at most ${bytes(report.peak.upperBound)}` : "exact";
  return element("div", {},
    total.headline ? element("p", { class: "headline" }, total.headline) : null,
    element("div", { class: "cards" },
    card("Live at the end", bytes(total.liveBytes), `${count(total.liveBlocks)} blocks`),
    card("Peak", bytes(total.peakBytes), `${peak}, after ${duration(report.peak.time)}`),
    card("Allocated", bytes(total.allocatedBytes), `${count(total.allocations)} blocks`),
    card("Freed", count(total.frees), `${share(total.frees, total.allocations) || "none"} of all blocks`),
    card("Temporary", count(total.temporaries), `${share(total.temporaries, total.allocations) || "none"} of all blocks`),
    leaks,
    report.memory.peakResidentBytes
      ? card("Resident", bytes(report.memory.residentBytes), `at most ${bytes(report.memory.peakResidentBytes)}`)
      : null));
}

/** What was recorded, what was missed, what it cost. */
export function honesty(report) {
  const capture = report.capture;
  const facts = [
    ["Mode", capture.mode],
    ["Events recorded", count(capture.events)],
    ["Events dropped", count(capture.droppedEvents)],
    ["Stacks cut", count(capture.truncatedStacks)],
    ["Frees of unknown blocks", count(capture.unknownFrees)],
    ["Waits for the tracker", count(capture.waits)],
    ["Live blocks read from", capture.frozenCopy ? "a frozen copy" : "the running process"],
    ["Tracker's memory", bytes(capture.trackerBytes)],
    ["Tracker's CPU time", `${duration(capture.trackerCPUNanoseconds)} of ${duration(capture.processCPUNanoseconds)}`],
  ];
  const missing = Object.entries(report.notCollected);
  return element("div", {},
    element("dl", { class: "facts" }, ...facts.map(([term, value]) =>
      element("div", {}, element("dt", {}, term), element("dd", {}, value)))),
    capture.notes.length
      ? element("ul", { class: "notes" }, ...capture.notes.map((note) => element("li", {}, note)))
      : element("p", { class: "muted" }, "Nothing was lost: every allocation and every free is in the figures."),
    missing.length
      ? element("details", {}, element("summary", {}, `Not in this report: ${missing.map(([name]) => name).join(", ")}`),
        element("ul", { class: "notes" }, ...missing.map(([name, reason]) => element("li", {}, `${name}: ${reason}`))))
      : null);
}

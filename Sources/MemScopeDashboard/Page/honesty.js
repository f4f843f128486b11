// How far to trust the report: what was recorded, what was missed, what it cost, what is not there.

import { element, facts, prose } from "#page/elements";
import { bytes, count, duration, instant, share } from "#page/figures";

/** The peak, whose bounds may be too near to each other to be told apart in words. Pure. */
export function peakText({ bytes: lower, upperBound: upper }) {
  if (!(upper > lower)) return `exactly ${bytes(lower)}`;
  return bytes(lower) === bytes(upper) ? `${bytes(lower)}, at most ${count(upper - lower)} B more`
    : `between ${bytes(lower)} and ${bytes(upper)}`;
}

/** Where the system and the toolchain keep what nobody builds who reads this. */
const ofTheSystem = /^\S*\/usr\/(?!local\/)\S*|^\/lib/;

/** A note without advice that cannot be taken: how to build a library of the system. Pure. */
export function noteText(note) {
  return ofTheSystem.test(note) ? note.replace(/ (Add|Build with|Build without) -g\S*\.$/, "") : note;
}

/**
 * What is not there for the same reason, together. Pure.
 * @param {Object<string, string>} notCollected
 * @returns {[string[], string][]}
 */
export function byReason(notCollected) {
  const names = new Map();
  for (const [name, reason] of Object.entries(notCollected)) names.set(reason, [...names.get(reason) ?? [], name]);
  return [...names].map(([reason, all]) => [all, reason]);
}

/** @param {import("#page/data").Page} page */
export function honesty({ report, tree }) {
  const { capture, process } = report;
  const missing = byReason(report.notCollected);
  const left = tree.leftOut();
  const notes = capture.notes.map(noteText);
  if (left.nodes > 0) {
    notes.push(`${count(left.nodes)} small call tree nodes are not in this page` +
      `${left.allocatedBytes > 0 ? `; the ${bytes(left.allocatedBytes)} allocated below them count for their callers` : ""}.`);
  }
  const odd = process.modules.filter((module) => module.note);
  return element("div", {},
    facts([
      ["Mode", capture.mode], ["Accuracy", capture.accuracy], ["Attached", capture.attachment || "–"],
        ["Events recorded", count(capture.events)], ["Events dropped", count(capture.droppedEvents)],
        ["Stacks cut", count(capture.truncatedStacks)],
      ["Frees of unknown blocks", count(capture.unknownFrees)], ["Waits for the tracker", count(capture.waits)],
        ["Live blocks read from", capture.frozenCopy ? "a frozen copy" : "the running process"],
      ["Tracker's memory", bytes(capture.trackerBytes)], ["Of the tracker's memory, history", bytes(capture.historyBytes ?? 0)], ["Tracker's CPU time",
        `${duration(capture.trackerCPUNanoseconds)}${capture.processCPUNanoseconds ? `, ${share(capture.trackerCPUNanoseconds, capture.processCPUNanoseconds)} of the program's` : ""}`],
      ["Peak", peakText(report.peak)],
    ]),
    notes.length > 0 ? element("ul", { class: "notes" }, ...notes.map((note) => element("li", {}, note)))
      : element("p", { class: "fine" }, "✓ Nothing was lost: every allocation and every free is in the figures."),
    missing.length > 0 ? element("div", {}, element("h3", {}, "Not in this report, and why"),
      element("dl", { class: "missing" }, ...missing.flatMap(([names, reason]) =>
      [element("dt", {}, names.join(", ")), element("dd", {}, ...prose(reason))]))) : null,
    element("h3", {}, "The process"),
    facts([["Executable", process.executable], ["Arguments", process.arguments.slice(1).join(" ") || "–"],
      ["Process", String(process.pid || "–")], ["Began", instant(process.startTime) || "–"], ["Report made", instant(process.captureTime) || "–"],
      ["Written at", process.reason || "–"], ["Architecture", process.architecture || "–"],
        ["Swift runtime", process.swiftRuntime === "found" ? "in the process" : process.swiftRuntime || "none"]]),
    element("details", {},
      element("summary", {},
      `${count(process.modules.length)} modules${odd.length > 0 ? `, ${count(odd.length)} with a note` : ""}`),
      element("ul", { class: "notes" }, ...process.modules.map((module) =>
        element("li", {}, module.path, module.isUnloaded ? " (unloaded)" : "", module.note
        ? element("span", { class: "muted" }, ` – ${noteText(module.note)}`) : null)))));
}

// The stretch of time that the reader chose on the timeline. It is in the address, and goes along from view to view.

import { format, parse, setting } from "#page/address";
import { button, element, link } from "#page/elements";
import { duration } from "#page/figures";
import { intervalsIn, knowsRows } from "#page/window";

/**
 * A stretch as whole intervals: those that it touches; null if the report has none of it. Pure.
 * @param {object[]} intervals
 * @returns {{from: number, to: number} | null}
 */
export function wholeStretch(intervals, from, to) {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
  const touched = intervalsIn(intervals, from, to);
  if (touched.length === 0) return null;
  return { from: touched[0].beginNanoseconds, to: touched[touched.length - 1].endNanoseconds };
}

/** The stretch that the address asks for, if the report knows what happened in it. */
export function chosenStretch(report) {
  const number = (key) => (setting(key) === null ? NaN : Number(setting(key)));
  return wholeStretch(report.timeline.intervals, number("from"), number("to"));
}

/**
 * An address of another view with the stretch of the one that is shown. Pure.
 * @param {string} href
 * @param {string} shown
 */
export function carried(href, shown) {
  const wanted = parse(href);
  const { from, to } = Object.fromEntries(parse(shown).settings);
  if (!wanted.view || from === undefined || to === undefined || wanted.settings.has("from")) return href;
  return format(wanted.view, { ...Object.fromEntries(wanted.settings), from, to });
}

/** Lets the stretch go along with every link of the page. The links themselves stay as they are. */
export function carryStretch() {
  const carry = (event) => {
    const anchor = event.target.closest?.('a[href^="#"]');
    if (!anchor || anchor.classList.contains("skip")) return;
    const href = anchor.getAttribute("href");
    anchor.setAttribute("href", carried(href, location.hash));
    setTimeout(() => anchor.setAttribute("href", href));
  };
  for (const kind of ["click", "auxclick"]) addEventListener(kind, carry, { capture: true });
}

/** A stretch in words. */
export function stretchText({ from, to }) {
  return `${duration(from)} – ${duration(to)}`;
}

/** Back to the whole time, in the view that is shown. */
export function wholeTime() {
  return button("Whole time", () => {
    const { view, settings } = parse(location.hash);
    settings.delete("from");
    settings.delete("to");
    location.hash = format(view, Object.fromEntries(settings));
  }, { class: "quiet" });
}

const known = [["flame", "by call stack"], ["sites", "of call sites"], ["types", "of types", "types"], ["scopes", "of scopes", "scopes"],
  ["tasks", "of tasks", "taskSites"], ["threads", "of threads", "threads"], ["growth", "of what grows"]];

/**
 * One line for views that know nothing of stretches, while one is chosen.
 * @param {boolean} [isState] whether the view is of an instant, so that no stretch could restrict it
 * @returns {HTMLElement | null}
 */
export function wholeRunLine(report, isState = false) {
  const stretch = chosenStretch(report);
  if (!stretch) return null;
  const ways = known.filter(([, , section]) => !section || knowsRows(report, section));
  return element("p", { class: "muted wholerun" },
    isState ? "This is how things were at the end of the run, whatever stretch of time is chosen: " : "All of this is of the whole run: ",
    `what happened in ${stretchText(stretch)} is known `, ...ways.flatMap(([view, text], index) =>
      [index === 0 ? "" : index === ways.length - 1 ? " and " : ", ", link(`#${view}`, text)]), ". ", wholeTime());
}

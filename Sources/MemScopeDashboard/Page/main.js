// Puts the page together: a way to each view, and the view that the address asks for.

import { parse } from "#page/address";
import { changes } from "#page/changes";
import { boundaries, growth, inferences, safety } from "#page/concluded";
import { readPage } from "#page/data";
import { button, element, link } from "#page/elements";
import { duration, instant } from "#page/figures";
import { flame } from "#page/flame";
import { honesty } from "#page/honesty";
import { helpDialog, listen } from "#page/keys";
import { leaks } from "#page/leaks";
import { memory } from "#page/memory";
import { ownership } from "#page/ownership";
import { scopes } from "#page/scopes";
import { sites } from "#page/sites";
import { carried, carryStretch, wholeRunLine } from "#page/stretch";
import { tasks } from "#page/tasks";
import { threads } from "#page/threads";
import { timeline } from "#page/timeline";
import { types } from "#page/types";
import { verdict } from "#page/verdict";
import { knowsRows } from "#page/window";

/**
 * Views in the order of the questions: is something wrong, where, why, who, how sure. `count` is 0 for a view with nothing in it.
 * Views that know of a chosen stretch of time, or of an older report, say for themselves what they show; those with `knowsRows` do where the
 * report has what the rows of that section did from instant to instant. What is of an instant is a state, which no stretch restricts.
 */
const views = [
  { group: "What is wrong", id: "changes", title: "What changed", draw: changes, isThere: (page) => page.base !== null,
    compares: true },
  { group: "What is wrong", id: "verdict", title: "Verdict", draw: verdict },
  { group: "What is wrong", id: "leaks", title: "Leaks and cycles", draw: leaks, count: ({ report }) =>
    report.cycles.length + report.leaks.groups.length, isState: true },
  { group: "What is wrong", id: "growth", title: "Growth", draw: growth, count: ({ report }) => report.growth.length, knowsTime: true },
  { group: "Where", id: "flame", title: "Flame graph", draw: flame, count: ({ tree }) => tree.size - 1, knowsTime: true,
    compares: true },
  { group: "Where", id: "timeline", title: "Timeline", draw: timeline, count: ({ report }) => (report.timeline.samples.length < 2 ? 0 : 1),
    knowsTime: true },
  { group: "Where", id: "sites", title: "Call sites", draw: sites, count: ({ report }) => report.callSites.length, knowsTime: true },
  { group: "Where", id: "types", title: "Types", draw: types, count: ({ report }) => report.types.length,
    knowsRows: "types" },
  { group: "Who", id: "ownership", title: "Ownership", draw: ownership, count: ({ report }) =>
    (report.ownership ? 1 : 0) + (report.retainLedger?.state === "on" ? 1 : 0), isState: true },
  { group: "Who", id: "tasks", title: "Tasks", draw: tasks, count: ({ report }) => report.tasks.length + report.taskSites.length,
    knowsRows: "taskSites" },
  { group: "Who", id: "scopes", title: "Scopes and routes", draw: scopes, count: ({ report }) => report.scopes.length,
    knowsRows: "scopes" },
  { group: "Who", id: "threads", title: "Threads", draw: threads, count: ({ report }) => report.threads.length,
    knowsRows: "threads" },
  { group: "Who", id: "boundaries", title: "Boundaries", draw: boundaries, count: ({ report }) => report.boundaries.length },
  { group: "How sure", id: "inferences", title: "Inferences", draw: inferences, count: ({ report }) => report.inferences.length },
  { group: "How sure", id: "safety", title: "Safety", draw: safety, count: ({ report }) => report.safety.length },
  { group: "How sure", id: "memory", title: "Memory account", draw: memory, count: ({ report }) => report.memory.residentBytes,
    isState: true },
  { group: "How sure", id: "honesty", title: "How far to trust this", draw: honesty },
];

const main = document.getElementById("main");
const navigation = document.getElementById("views");

/** What a view that is drawn of one whole run has to say of itself. */
function limits(page, view) {
  return [
    page.base && !view.compares ? element("p", { class: "muted newer" }, "This is the newer report alone; ",
      link("#changes", "what changed"), " and the ", link("#flame", "flame graph"), " compare both.") : null,
    view.knowsTime || (view.knowsRows && knowsRows(page.report, view.knowsRows)) ? null : wholeRunLine(page.report, view.isState)];
}

function section(page, view) {
  let content;
  try {
    content = view.draw(page);
  } catch (error) {
    // One part of a report that is not as expected must not hide the rest.
    console.error(error);
    content = element("p", { class: "notice" },
      `This part of the report could not be drawn: ${error.message}. Its figures are in report.json.`);
  }
  return element("section", { id: view.id, "aria-labelledby": `${view.id}-title` },
    element("h2", { id: `${view.id}-title`, tabindex: "-1" }, view.title), ...limits(page, view), content);
}

function navigate(page, shown) {
  const groups = [...new Set(shown.map((view) => view.group))];
  navigation.replaceChildren(...groups.map((group) => element("div", { class: "group" }, element("h2", {}, group),
    element("ul", {}, ...shown.filter((view) => view.group === group).map((view) => element("li", {},
      element("a", { href: `#${view.id}`, class: view.count && !view.count(page) ? "bare" : null, title: view.count
        && !view.count(page) ? "Nothing in this report" : null }, view.title)))))));
}

function heading(page, dialog) {
  const { process } = page.report;
  const program = process.executable.split("/").pop() || "MemScope";
  document.title = `${program} – MemScope`;
  document.getElementById("program").textContent = program;
  const command = process.arguments.slice(1).join(" ");
  document.getElementById("run").append(command ? element("span", { class: "command", title: command }, command) : "", [
    process.pid ? `pid ${process.pid}` : "", instant(process.startTime),
    process.durationNanoseconds ? `ran ${duration(process.durationNanoseconds)}` : "", process.reason
      && `written at ${process.reason}`,
  ].filter(Boolean).map((text, index) => (index > 0 || command ? ` · ${text}` : text)).join(""));
  document.getElementById("tools").append(button("Light / dark", toggleTheme, { class: "quiet" }),
    button("Keys", () => dialog.showModal(), { class: "quiet", "aria-haspopup": "dialog" }));
}

/**
 * Light or dark; null leaves it to the system.
 * @param {string | null} name
 */
function setTheme(name) {
  if (name === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  dispatchEvent(new Event("themechange"));
}

function toggleTheme() {
  const { theme } = document.documentElement.dataset;
  const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(isDark ? "light" : "dark");
}

/** A function that gives the focus back to the control that has it now, and the page its place, after a view is drawn anew. */
function focusIn(host) {
  const nameOf = (control) => `${control.tagName} ${control.ariaLabel ?? control.labels?.[0]?.textContent ?? control.textContent}`;
  const active = host.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const top = scrollY;
  return () => {
    const same = active && [...host.querySelectorAll("select, input, button, canvas")].find((control) => nameOf(control) === active);
    same?.focus({ preventScroll: true });
    requestAnimationFrame(() => scrollTo(0, top));
  };
}

function run(page) {
  const shown = views.filter((view) => !view.isThere || view.isThere(page));
  const first = shown[0];
  const current = () => shown.find((view) => view.id === parse(location.hash).view) ?? first;
  const dialog = helpDialog();
  document.body.append(dialog);
  heading(page, dialog);
  navigate(page, shown);
  let last = null;

  function draw() {
    const view = current();
    const restore = last === view.id ? focusIn(main) : null;
    main.replaceChildren(section(page, view));
    restore?.();
    for (const anchor of navigation.querySelectorAll("a")) {
      const isCurrent = parse(anchor.getAttribute("href")).view === view.id;
      if (isCurrent) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
      if (isCurrent) navigation.scrollLeft = Math.max(0, anchor.offsetLeft - navigation.clientWidth / 2 + anchor.offsetWidth / 2);
    }
    if (last !== null && last !== view.id) {
      scrollTo(0, 0);
      document.getElementById(`${view.id}-title`).focus({ preventScroll: true });
    }
    last = view.id;
  }

  addEventListener("hashchange", draw);
  carryStretch();
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  let chosenTheme = null;
  addEventListener("beforeprint", () => {
    // Paper is white, whatever the screen is.
    chosenTheme = document.documentElement.dataset.theme ?? null;
    setTheme("light");
    document.documentElement.classList.add("printing");
    main.replaceChildren(...shown.map((view) => section(page, view)));
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    setTheme(chosenTheme);
    draw();
  });
  listen({ dialog, view: () => main, step: (by) => {
    const at = shown.indexOf(current());
    location.hash = carried(`#${shown[(at + by + shown.length) % shown.length].id}`, location.hash);
  } });
  if (!parse(location.hash).view) history.replaceState(null, "", `#${first.id}`);
  draw();
}

try {
  run(await readPage((id) => document.getElementById(id)?.textContent ?? null));
} catch (error) {
  console.error(error);
  main.replaceChildren(element("p", { class: "notice" },
    `This report cannot be drawn here: ${error.message}. Its browser needs DecompressionStream and import maps: Chrome 103, Firefox 113, Safari 16.4 or later. The same figures are in report.json.`));
}
main.setAttribute("aria-busy", "false");
performance.mark("usable");

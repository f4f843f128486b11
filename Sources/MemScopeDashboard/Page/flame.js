// The flame graph: choices above, the picture, what is selected, and the same as a list.

import { remember, setting } from "#page/address";
import { changedShape } from "#page/compare";
import { button, choice, element, nothing, notice, searchField, tick } from "#page/elements";
import { bytes, count, metric as metricOf, metrics, share, signed } from "#page/figures";
import { Icicle } from "#page/icicle";
import { frameDetails } from "#page/details";
import { outline } from "#page/outline";
import { divisions, metricsOf } from "#page/owners";
import { fromRows, fromTheInside, fromTheTop, search } from "#page/shape";
import { chosenStretch, stretchText } from "#page/stretch";
import { typesTrust } from "#page/stretched";
import { figuresOf, knowsRows, restricted, windowMetrics } from "#page/window";

const windowLabels = {
  grownBytes: { key: "grownBytes", label: "Bytes that stayed", says: "allocated in this stretch and not freed in it", text: bytes },
  grownBlocks: { key: "grownBlocks", label: "Blocks that stayed", says: "allocated in this stretch and not freed in it",
    text: count },
};

/** What the reader asked for, as far as this report has it. */
function wishes({ report, tree, base }) {
  const by = divisions.find((each) => each.key === setting("by") && (!each.section
    || report[each.section].length > 0)) ?? divisions[0];
  const chosen = chosenStretch(report);
  const stretch = !chosen ? null : !by.rows ? figuresOf(tree, report.timeline.intervals, chosen.from, chosen.to)
    : knowsRows(report, by.section) ? restricted(report, by.section, chosen) : null;
  const isKnown = by.rows ? (each) => metricsOf(by, report).includes(each.key)
    : (each) => tree.totals[each.key]?.[0] > 0 || (base?.tree.totals[each.key]?.[0] ?? 0) > 0;
  const known = stretch ? windowMetrics.map((key) => windowLabels[key] ?? metricOf(key)) : metrics.filter(isKnown);
  // A link to a stack without a figure means one that the stack has.
  const asked = setting("node") === null || stretch ? null : known.find((each) => tree.figure(Number(setting("node")), each.key) > 0);
  const metric = known.find((each) => each.key === setting("metric")) ?? asked ?? known[0] ?? metrics[0];
  const missing = metric.key === setting("metric") ? null
    : windowLabels[setting("metric")] ?? metrics.find((each) => each.key === setting("metric")) ?? null;
  return { stretch, chosen, by, known, metric, missing };
}

function makeShape({ tree }, { stretch, metric }, { folds, inverted }) {
  const self = stretch ? stretch.figures[metric.key] : tree.self(metric.key);
  return inverted ? fromTheInside(tree, self, folds) : fromTheTop(tree, self, folds);
}

/** What is to be drawn: stacks or owners, of one report or of both. */
function shapeOf(page, wish, ways) {
  const { by, metric, stretch } = wish;
  const one = by.rows ? ({ report }) => fromRows(by.rows(stretch?.report ?? report, metric.key)) : (each) => makeShape(each, wish, ways);
  return ways.changes ? changedShape(one(page.base), one(page)) : one(page);
}

/** @param {import("#page/data").Page} page */
export function flame(page) {
  const { tree, base } = page;
  if (tree.size < 2) return nothing("There is no stack to show: the program allocated nothing while it was tracked.");
  const wish = wishes(page);
  const isStack = !wish.by.rows;
  const ways = {
    folds: setting("unfold") === null, inverted: isStack && setting("inverted") !== null,
    changes: base !== null && !wish.stretch && setting("plain") === null,
  };
  const shape = shapeOf(page, wish, ways);
  const { metric } = wish;
  shape.rootLabel = `${metric.label}: ${shape.before ? `${metric.text(shape.before[0])} → ${metric.text(shape.after[0])}`
    : metric.text(shape.total)}`;
  const again = (changes) => {
    remember({ ...selection(icicle.selected, shape, wish, ways, changes), ...changes });
    dispatchEvent(new Event("hashchange"));
  };

  const tell = (node) => {
    if (shape.before) {
      const [was, is] = [shape.before[node], shape.after[node]];
      return `${metric.text(was)} → ${metric.text(is)} (${signed(is - was, metric.text)})`;
    }
    const where = node > 0 ? ` · ${shape.describe.detail(shape.origin[node])}` : "";
    const left = node > 0 && isStack && !ways.inverted ? tree.pruned(shape.origin[node]) : null;
    return `${metric.text(shape.value[node])}, ${share(shape.value[node], shape.total)}${where}` +
      (left ? ` · ${count(left.nodes)} small nodes left out below it` : "");
  };
  const spoken = element("p", { class: "unseen", role: "status" });
  const details = element("div", { class: "details" });
  const select = (node, zooms = true) => {
    if (zooms) icicle.zoom(node);
    else icicle.selected = node;
    remember({ at: node || null, node: null });
    spoken.textContent = `${shape.label(node)}, ${tell(node)}`;
    details.replaceChildren(frameDetails(page, shape, node, { metric, tell, isStack, inverted: ways.inverted, select }));
    icicle.request();
  };
  const icicle = new Icicle("Flame graph. Arrow keys move through it, Enter zooms, Escape goes back to the whole.",
    { select, tell });
  icicle.flipped = setting("up") !== null;
  icicle.canvas.addEventListener("keydown", (event) => keys(event, icicle, shape, select));

  const foundText = element("span", { class: "state", role: "status" });
  const find = (text) => {
    const result = text ? search(shape, text) : null;
    icicle.found = result?.found ?? null;
    foundText.textContent = result
      ? `${count(result.nodes)} frames, ${metric.text(result.value)}, ${share(result.value, shape.total) || "0 %"} of the whole`
      : "";
    icicle.request();
  };
  const searching = searchField("Search frames", setting("search") ?? "", (text) => {
    remember({ search: text });
    find(text);
  });

  const switches = choices(page, wish, ways, again);
  switches.append(
    tick("root below", icicle.flipped, (on) => {
      icicle.flipped = on;
      remember({ up: on ? 1 : null });
      icicle.request();
    }),
    button("Whole", () => select(0), { class: "quiet" }), legend(ways, isStack));

  queueMicrotask(() => {
    icicle.show(shape);
    const asked = setting("node") !== null && shape.of ? shape.of[Number(setting("node"))] : Number(setting("at") ?? 0);
    // What has nothing of this figure cannot be enlarged.
    const node = shape.value[asked] > 0 ? asked : 0;
    if (node > 0) {
      icicle.zoom(node, false);
      spoken.textContent = `${shape.label(node)}, ${tell(node)}`;
    }
    details.replaceChildren(frameDetails(page, shape, node, { metric, tell, isStack, inverted: ways.inverted, select }));
    if (setting("search")) find(setting("search"));
  });
  return element("div", { class: "flame" }, ...notices(page, wish, ways, again),
    figureChoices(page, wish, again, searching, foundText), switches, icicle.host, details, spoken,
    leftOut(tree, shape, metric, isStack),
    shape.total > 0 ? asList(shape, metric, select)
      : nothing(`Nothing of this kind: ${metric.label.toLowerCase()}, ${metric.says}.`));
}

/** Which figure, divided by what, and the search. */
function figureChoices({ report }, wish, again, searching, foundText) {
  const divided = divisions.filter((each) => !each.section || report[each.section].length > 0);
  return element("div", { class: "controls" },
    choice("Show", wish.known.map((each) => [each.key, each.label]), wish.metric.key, (key) => again({ metric: key })),
    choice("by", divided.map((each) => [each.key, each.label]), wish.by.key, (key) => again({ by: key })),
    searching, foundText);
}

/** Ways to look at call stacks. */
function choices({ base }, wish, ways, again) {
  return element("div", { class: "controls" },
    wish.by.rows ? null : tick("fold runtime frames", ways.folds, (on) => again({ unfold: on ? null : 1 })),
    wish.by.rows ? null : tick("inside out", ways.inverted, (on) => again({ inverted: on ? 1 : null })),
    base && !wish.stretch ? tick("compare", ways.changes, (on) => again({ plain: on ? null : 1 })) : null);
}

function keys(event, icicle, shape, select) {
  const node = icicle.selected;
  const siblings = node > 0 ? [...shape.children(shape.parent[node])] : [0];
  const at = siblings.indexOf(node);
  const go = {
    ArrowDown: () => shape.children(node)[0], ArrowUp: () => (node > 0 ? shape.parent[node] : undefined),
    ArrowRight: () => siblings[at + 1], ArrowLeft: () => siblings[at - 1], Enter: () => node, Escape: () =>
      (node > 0 ? 0 : undefined), Home: () => 0,
  }[event.key];
  if (!go || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = go();
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const inView = shape.start[next] >= icicle.from && shape.start[next] + shape.value[next] <= icicle.to;
  select(next, event.key === "Enter" || event.key === "Escape" || event.key === "Home" || !inView);
}

function legend(ways, isStack) {
  return element("span", { class: "legend" },
    ...(ways.changes ? [element("span", { class: "key growth" }, "+ grew"), element("span", { class: "key shrink" }, "− shrank")]
      : []),
    ...(isStack ? [element("span", { class: "key await" }, "⤷ after await"),
      element("span", { class: "key creation" }, "✦ created task")] : []));
}

/** What stays selected when another shape is drawn: the same node, or the frame that it stands for. */
function selection(selected, shape, { by, metric }, ways, changes) {
  const isOther = Object.keys(changes).some((key) => key !== "metric");
  // The figure decides which nodes there are from the inside out, and which tasks are gone.
  if (!isOther && !ways.inverted && by.key !== "task") return { node: null, at: selected || null };
  const frame = selected > 0 && !by.rows && !shape.before && !("by" in changes) ? shape.origin[selected] : null;
  return { node: frame, at: null, ...("by" in changes ? {} : { metric: metric.key }) };
}

/** What the picture cannot show of what was asked for. */
function notices({ report, base }, { stretch, chosen, by, metric, missing }, ways, again) {
  const wholeTime = () => button("Whole time", () => again({ from: null, to: null, metric: null }));
  const byStack = () => button("By call stack", () => again({ by: null }));
  return [
    stretch ? notice(`Only what happened between ${stretchText(stretch).replace("–", "and")}${base ? " in the newer report" : ""}. `,
      stretch.freedMore > 0 && metric.key.startsWith("grown")
        ? `In it, ${bytes(stretch.freedMore)} from before were freed, which this picture cannot show. ` : "", stretch.report && by.key === "type" ? typesTrust(report) : "", " ", wholeTime()) : null,
    chosen && !stretch ? notice(`By ${by.label} only the whole run is known; what happened in ${stretchText(chosen)} is known by call stack. `,
      byStack(), " ", wholeTime()) : null,
    missing && !(chosen && windowLabels[missing.key]) ? notice(`${missing.label}: not known ${stretch ? "of a stretch of time"
      : by.rows && metrics.includes(missing) ? `by ${by.label}` : "here"}. This picture shows ${metric.label.toLowerCase()}. `,
      by.rows ? byStack() : "") : null,
    base && !ways.changes && !stretch ? element("p", { class: "muted newer" }, "This is the newer report alone.") : null];
}

function leftOut(tree, shape, metric, isStack) {
  const left = isStack ? tree.leftOut() : { nodes: 0 };
  const texts = [];
  if (left.nodes > 0 && (left.allocatedBytes > 0 || left.liveBytes > 0)) texts.push(`${count(left.nodes)} small nodes are left out of this page; their ` +
    `${bytes(left.allocatedBytes ?? 0)} allocated and ${bytes(left.liveBytes ?? 0)} live count for their callers here.`);
  if (shape.leftOut > 0) texts.push(`${metric.text(shape.leftOut)} of very small stacks are left out from the inside out.`);
  return texts.length > 0 ? element("p", { class: "muted" }, texts.join(" ")) : null;
}

/** The list is made when it is opened. */
function asList(shape, metric, select) {
  const box = element("details", {}, element("summary", {}, "The same as a list"));
  box.addEventListener("toggle", () => {
    if (box.open && box.childElementCount === 1) box.append(outline(shape, metric.text, (node) => select(node)));
  });
  return box;
}

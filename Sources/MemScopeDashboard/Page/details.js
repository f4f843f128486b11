// What is known of a selected frame: its figures, its source, and ways on.

import { format } from "#page/address";
import { badge, button, element, link, place } from "#page/elements";
import { metrics, share } from "#page/figures";

// As the reader left it; closed at first where the picture needs the room.
let showsFigures = globalThis.innerWidth > 860 && globalThis.innerHeight > 700;

/** Copies a text; what cannot be copied is selected instead. */
async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  told.textContent = "Copied";
  setTimeout(() => { told.textContent = told.dataset.label; }, 1500);
}

/**
 * A button that copies a text.
 * @param {() => string} text
 */
export function copyButton(label, text) {
  const made = button(label, () => copy(text(), made), { class: "quiet" });
  made.dataset.label = label;
  return made;
}

/** All figures of a node of a shape made from the call tree: sums over what is below it. */
function figuresBelow(tree, shape, node) {
  const isBelow = new Uint8Array(shape.size);
  isBelow[node] = 1;
  for (let each = node + 1; each < shape.size; each += 1) isBelow[each] = isBelow[shape.parent[each]];
  return metrics.filter(({ key }) => tree.totals[key]?.[0] > 0).map((metric) => {
    const self = tree.self(metric.key);
    let sum = 0;
    for (let each = 0; each < tree.size; each += 1) if (isBelow[shape.of[each]]) sum += self[each];
    return { metric, sum };
  });
}

/** Lines around a frame's own, if they were put into the page. */
export function sourceLines(sources, frame) {
  const excerpt = (sources.get(frame.file) ?? []).find(({ first, lines }) => frame.line >= first
    && frame.line < first + lines.length);
  if (!excerpt) return null;
  return element("pre", { class: "source", tabindex: "0", "aria-label": `Source of ${place(frame)}` },
    ...excerpt.lines.map((text, index) => {
    const line = excerpt.first + index;
    return element("span", { class: line === frame.line ? "line here" : "line" }, `${String(line).padStart(5)}  ${text}\n`);
  }));
}

/**
 * @param {import("#page/data").Page} page
 * @param {import("#page/shape").Shape} shape
 */
export function frameDetails(page, shape, node, { metric, tell, isStack, inverted, select }) {
  if (node === 0) {
    return element("p", { class: "muted" },
      `${shape.rootLabel} ${metric.says ? `(${metric.says})` : ""}. Choose a frame to bring it to full width; drag or Ctrl and wheel move and zoom.`);
  }
  const { tree, sources } = page;
  const isCallTree = isStack && !shape.before;
  const origin = shape.origin[node];
  const frame = isCallTree ? tree.frame(origin) : null;
  const mark = shape.describe.mark(origin);
  const source = frame ? sourceLines(sources, frame) : null;
  const crumbs = shape.path(node).slice(-4, -1);
  const figures = isCallTree && shape.of ? figuresBelow(tree, shape, node).map(({ metric: each, sum }) =>
    element("div", {}, element("dt", {}, each.label), element("dd", {}, each.text(sum), " ",
      element("span", { class: "muted" }, share(sum, tree.totals[each.key][0]))))) : [];
  return element("div", { class: "selected" },
    element("div", { class: "crumbs" }, ...crumbs.flatMap((each) =>
      [button(shape.label(each), () => select(each), { class: "crumb" }), " › "])),
    element("div", { class: "heading" }, element("strong", { class: "function" }, shape.label(node)),
      mark ? badge(mark === "async" ? "resumes after await" : "created the task", mark) : null,
      frame?.isInlined ? badge("inlined") : null, frame?.isRuntime ? badge("runtime") : null,
      element("span", { class: "place" }, frame?.file ? `${frame.file}${frame.line ? `:${frame.line}` : ""}`
        : shape.describe.detail(origin))),
    element("div", { class: "controls" }, element("span", {}, tell(node)),
      isStack ? copyButton("Copy stack", () => shape.stackText(node)) : null,
      isCallTree && !inverted ? link(format("flame", { metric: metric.key, inverted: 1, search: shape.label(node) }),
        "Who calls it") : null),
    figures.length > 0
      ? element("details", { open: showsFigures, ontoggle: (event) => { showsFigures = event.target.open; } }, element("summary", {}, "All figures"), element("dl", { class: "facts small" }, ...figures))
      : null,
    source ? element("details", { class: "excerpt", ontoggle: (event) => {
      if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
    } }, element("summary", {}, "Source"), source) : null);
}

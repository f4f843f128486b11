// The call tree, opened level by level: only what is open is in the document.

import { element, place } from "#page/elements";
import { bytes, count, metrics, share } from "#page/figures";

const batch = 200;

/** The tree's element, and a function that opens a node in it. */
export function callTree(tree) {
  let metric = metrics.find((each) => tree.figure(0, each.key) > 0) ?? metrics[0];
  let folding = true;
  const list = element("ul", { role: "tree" });
  const choice = element("select", { "aria-label": "Figure", onchange: () => { metric = metrics[choice.value]; draw(); } },
    ...metrics.map((each, index) => element("option", { value: index, selected: each === metric }, each.label)));
  const fold = element("input", { type: "checkbox", checked: true, onchange: () => { folding = fold.checked; draw(); } });

  function label(node) {
    const frame = tree.frame(node);
    const kind = tree.kind(node);
    const badge = kind === "frame" ? frame.isInlined && "inlined" : kind === "async" ? "awaits" : "creates task";
    return element("span", { class: frame.isRuntime ? "label runtime" : "label", title: frame.file || frame.module },
      badge ? element("span", { class: "badge" }, badge) : null, frame.function, " ",
      element("span", { class: "place" }, place(frame)));
  }

  function row(node, depth) {
    const value = tree.figure(node, metric.key);
    const part = share(value, tree.figure(0, metric.key));
    const isLeaf = tree.shownChildren(node, metric.key, folding).length === 0 && !tree.pruned(node);
    const button = element(isLeaf ? "div" : "button", {
      class: isLeaf ? "node leaf" : "node", type: isLeaf ? null : "button", style: { "--depth": depth },
      "aria-expanded": isLeaf ? null : "false", "data-node": node, onclick: isLeaf ? null : () => toggle(item),
    }, element("span", { class: "amount" }, metric.text(value)),
      element("span", { class: "share" }, element("i", { style: { width: `${Math.min(100, parseFloat(part) || 0)}%` } }), part),
      label(node));
    const item = element("li", { role: "treeitem" }, button);
    item.node = node;
    item.depth = depth;
    return item;
  }

  function rows(node, depth, from = 0) {
    const children = tree.shownChildren(node, metric.key, folding);
    const items = children.slice(from, from + batch).map((child) => row(child, depth));
    if (children.length > from + batch) {
      const more = element("li", {}, element("button", { type: "button", onclick: () => {
        more.replaceWith(...rows(node, depth, from + batch));
      } }, `${count(children.length - from - batch)} more`));
      items.push(more);
    } else if (tree.pruned(node)) {
      const left = tree.pruned(node);
      items.push(element("li", {}, element("div", { class: "node leaf muted", style: { "--depth": depth } },
        element("span", { class: "amount" }, metric.text(left[metric.key])), element("span"),
        element("span", { class: "label" }, `${count(left.nodes)} small nodes left out (${bytes(left.allocatedBytes)} allocated)`))));
    }
    return items;
  }

  function open(item) {
    const button = item.querySelector(":scope > .node");
    if (button.classList.contains("leaf") || item.querySelector(":scope > ul")) return;
    button.setAttribute("aria-expanded", "true");
    item.append(element("ul", { role: "group" }, ...rows(item.node, item.depth + 1)));
  }

  function toggle(item) {
    const inner = item.querySelector(":scope > ul");
    if (inner) {
      inner.remove();
      item.querySelector(":scope > .node").setAttribute("aria-expanded", "false");
      return;
    }
    // A chain without a choice opens as a whole.
    let at = item;
    for (let step = 0; step < 30 && at; step += 1) {
      open(at);
      const children = at.querySelectorAll(":scope > ul > li");
      at = children.length === 1 && children[0].node !== undefined ? children[0] : null;
    }
  }

  function draw() {
    list.replaceChildren(...rows(0, 0));
    const first = list.querySelector(":scope > li");
    if (first?.node !== undefined) toggle(first);
  }

  /** The row of a child, brought up from behind "more" if it must be. */
  function find(items, node) {
    for (;;) {
      const rowOfNode = [...items.querySelectorAll(":scope > li")].find((item) => item.node === node);
      const more = items.querySelector(":scope > li > button:not(.node)");
      if (rowOfNode || !more) return rowOfNode;
      more.click();
    }
  }

  function show(node) {
    if (tree.figure(node, metric.key) === 0) {
      metric = metrics.find((each) => tree.figure(node, each.key) > 0) ?? metric;
      choice.value = metrics.indexOf(metric);
    }
    if (tree.isRuntime(node)) folding = fold.checked = false;
    draw();
    let items = list;
    let found = null;
    for (const step of tree.path(node)) {
      if (folding && tree.isRuntime(step)) continue;
      const next = find(items, step);
      if (!next) break;
      found = next;
      open(found);
      items = found.querySelector(":scope > ul") ?? element("ul");
    }
    list.querySelector(".shown")?.classList.remove("shown");
    const button = found?.querySelector(":scope > .node");
    button?.classList.add("shown");
    button?.scrollIntoView({ block: "center" });
  }

  draw();
  const view = tree.size < 2 ? element("p", { class: "muted" }, "There is no stack to show.") : element("div", {},
    element("div", { class: "controls" }, element("label", {}, "Figure ", choice),
      element("label", {}, fold, " fold runtime frames")), element("div", { class: "tree" }, list));
  return { view, show };
}

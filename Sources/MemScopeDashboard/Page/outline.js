// A shape as a list that opens level by level: only what is open is in the document. What a picture shows, readable.

import { element } from "#page/elements";
import { count, share } from "#page/figures";

const batch = 100;

/**
 * @param {import("#page/shape").Shape} shape
 * @param {(value: number) => string} text
 * @param {(node: number) => void} select
 */
export function outline(shape, text, select, label = "Call tree") {
  const list = element("ul", { role: "tree", "aria-label": label });
  /**
   * What the items stand for; one that brings more of them stands for none.
   * @type {WeakMap<Element, {node: number, depth: number}>}
   */
  const places = new WeakMap();

  function row(node, depth) {
    const value = shape.value[node];
    const isLeaf = shape.children(node).length === 0;
    const mark = shape.describe.mark(shape.origin[node]);
    const part = share(value, shape.total);
    const item = element("li", {
      role: "treeitem", "aria-expanded": isLeaf ? null : "false", "aria-level": depth + 1, tabindex: "-1", "data-node": node,
    }, element("div", { class: "node", style: { "--depth": depth } },
      element("span", { class: "amount" }, text(value)),
      element("span", { class: "share" }, element("i", { style: { width: `${(100 * value) / shape.total}%` } }), part),
      element("span", { class: "label" }, element("span", { class: isLeaf ? "opener leaf" : "opener", "aria-hidden": "true" }),
        mark ? element("span", { class: `badge ${mark}` }, mark === "async" ? "awaits" : "creates task") : null,
        shape.label(node), " ", element("span", { class: "place" }, shape.describe.detail(shape.origin[node])))));
    places.set(item, { node, depth });
    return item;
  }

  function rows(node, depth, from = 0) {
    const children = shape.children(node);
    const items = [...children.subarray(from, from + batch)].map((child) => row(child, depth));
    const rest = children.length - from - batch;
    if (rest > 0) {
      const more = element("li", { role: "treeitem" }, element("button", {
        type: "button", onclick: () => more.replaceWith(...rows(node, depth, from + batch)),
      }, `${count(rest)} more`));
      items.push(more);
    }
    return items;
  }

  function open(item) {
    if (!item.hasAttribute("aria-expanded") || item.querySelector(":scope > ul")) return;
    item.setAttribute("aria-expanded", "true");
    const { node, depth } = places.get(item);
    item.append(element("ul", { role: "group" }, ...rows(node, depth + 1)));
  }

  function close(item) {
    item.querySelector(":scope > ul")?.remove();
    if (item.hasAttribute("aria-expanded")) item.setAttribute("aria-expanded", "false");
  }

  /** A chain without a choice opens as a whole. */
  function openChain(item) {
    let at = item;
    for (let step = 0; step < 40 && at; step += 1) {
      open(at);
      const children = at.querySelectorAll(":scope > ul > li");
      at = children.length === 1 && places.has(children[0]) ? children[0] : null;
    }
  }

  function focus(item) {
    if (!item) return;
    list.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
    item.focus();
  }

  /**
   * The item that an event is of, if it stands for a node.
   * @param {Event} event
   */
  function itemOf({ target }) {
    const item = target instanceof Element ? target.closest("li") : null;
    return item && places.has(item) ? item : null;
  }

  list.addEventListener("click", (event) => {
    const item = itemOf(event);
    if (!item) return;
    if (item.querySelector(":scope > ul")) close(item);
    else openChain(item);
    focus(item);
    select(places.get(item).node);
  });
  list.addEventListener("keydown", (event) => {
    const item = itemOf(event);
    if (!item) return;
    const all = [...list.querySelectorAll("li[tabindex]")];
    const at = all.indexOf(item);
    const isOpen = item.querySelector(":scope > ul") !== null;
    const steps = {
      ArrowDown: () => focus(all[at + 1]), ArrowUp: () => focus(all[at - 1]), Home: () => focus(all[0]),
      ArrowRight: () => (isOpen ? focus(all[at + 1]) : open(item)),
      ArrowLeft: () => (isOpen ? close(item) : focus(item.parentElement.closest("li"))), Enter: () => select(places.get(item).node),
    };
    if (!steps[event.key]) return;
    steps[event.key]();
    event.preventDefault();
    event.stopPropagation();
  });
  list.append(...rows(0, 0));
  const first = list.querySelector(":scope > li");
  if (first && places.has(first)) {
    first.setAttribute("tabindex", "0");
    openChain(first);
  }
  return element("div", { class: "tree" }, list);
}

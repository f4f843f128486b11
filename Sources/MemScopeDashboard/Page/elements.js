// Building elements. What comes from the report goes in as text or as an attribute's value, never as markup.

/** @typedef {Node | string | false | null | undefined} Child */

/**
 * An element with attributes and children; strings become text nodes.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Object<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/**
 * The same for pictures.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Object<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function picture(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/**
 * @template {HTMLElement | SVGElement} Made
 * @param {Made} node
 * @returns {Made}
 */
function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A button that does something. */
export function button(label, onclick, attributes = {}) {
  return element("button", { type: "button", onclick, ...attributes }, label);
}

/**
 * A choice among options, each a value and its text.
 * @param {[string, string][]} options
 */
export function choice(label, options, value, onchange) {
  const select = element("select", { onchange: () => onchange(select.value) },
    ...options.map(([key, text]) => element("option", { value: key, selected: key === value }, text)));
  return element("label", { class: "choice" }, element("span", {}, label), select);
}

/** A box to tick. */
export function tick(label, checked, onchange, attributes = {}) {
  const box = element("input", { type: "checkbox", checked, onchange: () => onchange(box.checked), ...attributes });
  return element("label", { class: "tick" }, box, ` ${label}`);
}

/** A field to search with; `/` puts the cursor into the first of a view. */
export function searchField(label, value, oninput) {
  const field = element("input", {
    type: "search", class: "search", placeholder: `${label}  ( / )`, "aria-label": label, value, spellcheck: "false",
    autocomplete: "off", oninput: () => oninput(field.value),
  });
  return field;
}

/**
 * A way to another view.
 * @param {string} href the part behind the file's name, with its #
 */
export function link(href, text, attributes = {}) {
  return element("a", { href, ...attributes }, text);
}

/** A paragraph about something that is not there. */
export function nothing(text) {
  return element("p", { class: "nothing" }, ...prose(text));
}

/** A sentence that deserves attention; its pieces in backticks are code. */
export function notice(...children) {
  return element("p", { class: "notice" }, ...children.flatMap((child) => (typeof child === "string" ? prose(child) : [child])));
}

/**
 * Terms and values side by side.
 * @param {[string, Child][]} pairs
 */
export function facts(pairs) {
  return element("dl", { class: "facts" }, ...pairs.map(([term, value]) =>
    element("div", {}, element("dt", {}, term), element("dd", {}, value))));
}

/** Draws as soon as an element has its place, which paper does not wait for, and whenever its size changes. */
export function whenSized(host, draw) {
  queueMicrotask(draw);
  new ResizeObserver(draw).observe(host);
}

/** Where a frame lies in the sources, or its module. */
export function place(frame) {
  if (!frame.file) return frame.module ?? "";
  const file = frame.file.split("/").pop();
  return frame.line ? `${file}:${frame.line}` : file;
}

/** A text with the last part of each path in it: "a global of /usr/lib/libx.so at 0x1" is one of libx.so. */
export function baseNames(text) {
  return text.replace(/(^|\s)(?:\/[^\s/]+)+\/(?=[^\s/])/g, "$1");
}

/**
 * A name that may break into lines where a reader would pause.
 * @returns {Child[]}
 */
export function breakable(text) {
  const parts = text.split(/(?<=[(:,/<])(?![):>,])|(?<=\.)(?=[A-Za-z_])|(?<=[a-z0-9]_)(?=[a-z])/);
  return parts.flatMap((part, index) => (index > 0 ? [document.createElement("wbr"), part] : [part]));
}

/** What a reader has to type: pieces in backticks, and commands and variables of ours wherever they stand. */
const typed = /`([^`]+)`|(\bmemscope (?:run|report|diff|why|leaks)(?: --[a-z-]+(?: [A-Z]+\b)?)*|\bMEMSCOPE_[A-Z_]+(?:=\w+)?)/;

/**
 * A sentence whose pieces that are to be typed are code.
 * @param {string} text
 * @returns {Child[]}
 */
export function prose(text) {
  return text.split(typed).map((part, index) => (index % 3 === 0 ? part
    : part && element("code", { class: index % 3 === 2 || part.startsWith("memscope ") ? "typed" : null }, part)));
}

/**
 * A function above its place.
 * @param {string} [href] where the function leads
 */
export function frameText(frame, href) {
  return element("div", { class: "frame", title: frame.file ? `${frame.file}:${frame.line}` : frame.module },
    element("div", { class: "function" }, href ? element("a", { href, title: "Show in the flame graph" },
      ...breakable(frame.function)) : element("span", {}, ...breakable(frame.function))),
    element("div", { class: "place" }, ...breakable(place(frame))));
}

/** A label of few letters. */
export function badge(text, kind = "") {
  return element("span", { class: `badge ${kind}` }, text);
}

/** What is known of a figure's trust, if it is not exact. */
export function trust(row) {
  if (!row.accuracy || row.accuracy === "exact") return null;
  return badge(row.accuracy === "inferred" && row.confidence !== undefined
    ? `inferred, ${Math.round(100 * row.confidence)} % sure` : row.accuracy, "trust");
}

// Building elements. What comes from the report goes in as text or as an attribute's value, never as markup.

/** An element with attributes and children; strings become text nodes. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for pictures. */
export function picture(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Where a frame lies in the sources, or its module. */
export function place(frame) {
  if (!frame.file) return frame.module;
  const file = frame.file.split("/").pop();
  return frame.line ? `${file}:${frame.line}` : file;
}

/** A frame as its name above its place. */
export function frameCell(frame) {
  return element(
    "td", { class: "name", title: frame.file ? `${frame.file}:${frame.line}` : frame.module },
    element("div", {}, frame.function), element("div", { class: "place" }, place(frame)));
}

/** A table whose number columns sort. Columns: label, key, text, cell. */
export function table(columns, rows, options = {}) {
  const limit = options.limit ?? 100;
  const body = element("tbody");
  let sorted = options.sort;
  let shown = limit;
  const heads = columns.map((column) => {
    if (!column.key) return element("th", {}, column.label);
    const button = element("button", { type: "button", onclick: () => { sorted = column.key; draw(); } }, column.label);
    return element("th", { class: "number" }, button);
  });
  const more = element("button", { type: "button", onclick: () => { shown += 500; draw(); } }, "Show more");
  function draw() {
    const ordered = sorted ? [...rows].sort((a, b) => b[sorted] - a[sorted]) : rows;
    body.replaceChildren(...ordered.slice(0, shown).map((row) => element("tr", {}, ...columns.map((column) =>
      column.cell ? column.cell(row) : element("td", { class: "number" }, column.text(row[column.key]))))));
    heads.forEach((head, index) => {
      if (columns[index].key === sorted && sorted) head.setAttribute("aria-sort", "descending");
      else head.removeAttribute("aria-sort");
    });
    more.hidden = shown >= rows.length;
  }
  draw();
  return element(
    "div", {}, element("div", { class: "scroll tall" },
      element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body)), more);
}

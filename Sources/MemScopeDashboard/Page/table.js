// Tables that sort, filter, and give themselves away as CSV.

import { remember, setting } from "#page/address";
import { button, element, nothing, searchField } from "#page/elements";
import { count, plural } from "#page/figures";

/**
 * @typedef {object} Column
 * @property {string} label
 * @property {string} [key] the row's key to show and sort by; a column of numbers
 * @property {(value: number) => string} [text] how the number is written
 * @property {(row: object) => import("#page/elements").Child} [cell] the content of the row's cell, instead of a number
 * @property {(row: object) => string | number} [plain] the same for CSV, for searching and for sorting
 * @property {[string, (row: object) => string | number][]} [fields] what CSV has in its place, each with its label
 * @property {boolean} [bar] whether a bar behind the number shows its share of the largest
 * @property {string} [says] what the number means
 * @property {number} [largest] the largest number of all rows, where there are bars
 */

/**
 * One field of a CSV file; texts that a spreadsheet would run as a formula are made plain.
 * @param {unknown} value
 */
export function field(value) {
  let text = value === null || value === undefined ? "" : String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Rows as a CSV file.
 * @param {Column[]} columns
 */
export function csv(columns, rows) {
  /** @type {(column: Column) => Column["fields"]} */
  const fieldsOf = ({ fields, label, plain, key }) => fields ?? [[label, plain ?? ((row) => row[key])]];
  const used = columns.filter((column) => column.key || column.plain).flatMap(fieldsOf);
  const lines = [used.map(([label]) => field(label)), ...rows.map((row) => used.map(([, value]) => field(value(row))))];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

/** Offers a text as a file. */
export function download(name, text, type = "text/csv") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * What a column is called in the address when rows are sorted by it; null if they cannot be.
 * @param {Column} column
 */
export function sortName(column) {
  return column.key ?? (column.plain ? column.label.toLowerCase().replaceAll(" ", "-") : null);
}

/**
 * Rows in the order that is asked for: numbers from the largest, texts from A.
 * @param {Column[]} columns
 * @param {string | null} sorted the column's name, with a minus in front for the other way round
 */
export function inOrder(columns, rows, sorted) {
  const column = columns.find((each) => sortName(each) !== null && sortName(each) === sorted?.replace(/^-/, ""));
  if (!column) return rows;
  const sign = sorted.startsWith("-") ? -1 : 1;
  const { key, plain } = column;
  if (key) return [...rows].sort((a, b) => sign * ((b[key] ?? -Infinity) - (a[key] ?? -Infinity)) || 0);
  const collator = new Intl.Collator("en", { numeric: true });
  const texts = new Map(rows.map((row) => [row, String(plain(row))]));
  return [...rows].sort((a, b) => sign * collator.compare(texts.get(a), texts.get(b)));
}

/**
 * Rows whose texts hold all words.
 * @param {Column[]} columns
 * @param {string} text
 */
export function matching(columns, rows, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const named = columns.filter((column) => column.plain);
  return rows.filter((row) => {
    const all = named.map((column) => column.plain(row)).join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

function bar(value, largest) {
  return element("i", { class: "bar", "aria-hidden": "true",
    style: { width: `${largest > 0 ? Math.max(0, Math.min(100, (100 * Math.abs(value)) / largest)) : 0}%` } });
}

/**
 * A table with its tools above it.
 * @param {Column[]} columns
 * @param {object[]} rows
 * @param {{name: string, sort?: string, limit?: number, plain?: boolean, caption?: string, empty?: string,
 *   open?: (row: object) => void}} options
 *   `name` is that of the CSV file and of the settings in the address; `plain` leaves the tools out
 */
export function table(columns, rows, options) {
  const limit = options.limit ?? 25;
  const keys = { sort: `${options.name}-sort`, filter: `${options.name}-filter` };
  const named = columns.some((column) => sortName(column) === setting(keys.sort)?.replace(/^-/, "")) ? setting(keys.sort) : null;
  let sorted = named ?? options.sort ?? null; // with a minus in front: smallest first
  let wanted = options.plain ? "" : setting(keys.filter) ?? "";
  let shown = limit;
  let ordered = [];
  const body = element("tbody");
  const heads = columns.map((column) => {
    const name = sortName(column);
    if (name === null || (options.plain && !column.key)) return element("th", { scope: "col" }, column.label);
    const head = element("button", { type: "button", title: column.says, onclick: () => sort(name) }, column.label);
    return element("th", { scope: "col", class: column.key ? "number" : null }, head);
  });
  const more = button("", () => { shown += 500; draw(); }, { class: "more" });
  const state = element("span", { class: "state", role: "status" });

  function sort(key) {
    sorted = sorted === key ? `-${key}` : key;
    if (!options.plain) remember({ [keys.sort]: sorted === options.sort ? null : sorted });
    draw();
  }

  function order() {
    return inOrder(columns, matching(columns, rows, wanted), sorted);
  }

  function cells(row) {
    return columns.map((column) => {
      if (column.cell) return element("td", { class: column.key ? "number" : column.plain ? "name" : null }, column.cell(row));
      const value = row[column.key];
      return element("td", { class: "number" }, column.bar ? bar(value, column.largest) : null,
        element("span", {}, value === null || value === undefined ? "–" : column.text(value)));
    });
  }

  function draw() {
    ordered = order();
    body.replaceChildren(...ordered.slice(0, shown).map((row) => element("tr", {}, ...cells(row))));
    heads.forEach((head, index) => {
      const name = sortName(columns[index]);
      const ways = columns[index].key ? ["descending", "ascending"] : ["ascending", "descending"];
      if (name !== null && name === sorted) head.setAttribute("aria-sort", ways[0]);
      else if (name !== null && `-${name}` === sorted) head.setAttribute("aria-sort", ways[1]);
      else head.removeAttribute("aria-sort");
    });
    more.hidden = shown >= ordered.length;
    const rest = ordered.length - shown;
    more.textContent = rest > 500 ? `Show 500 more of ${count(rest)}` : `Show ${count(rest)} more`;
    state.textContent = wanted ? `${count(ordered.length)} of ${plural(rows.length, "row")}` : plural(rows.length, "row");
  }

  if (rows.length === 0) return nothing(options.empty ?? "There is nothing of this kind.");
  for (const column of columns) {
    if (column.bar) column.largest = rows.reduce((largest, row) => Math.max(largest, Math.abs(row[column.key] ?? 0)), 0);
  }
  draw();
  // What restricts the rows can be seen and changed, however few they are.
  const tools = options.plain || (rows.length <= 3 && !wanted) ? null : element("div", { class: "controls" },
    searchField("Filter rows", wanted, (text) => {
      wanted = text;
      shown = limit;
      remember({ [keys.filter]: text });
      draw();
    }),
    state, button("Export CSV", () => download(`${options.name}.csv`, csv(columns, ordered)), { class: "quiet" }));
  return element("div", { class: "tabular" }, tools, element("div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${options.caption ?? options.name}` },
    element("table", {}, element("caption", { class: "unseen" }, options.caption ?? options.name),
      element("thead", {}, element("tr", {}, ...heads)), body)), more);
}

// The memory account: what the resident set consists of, as far as it was measured.

import { element, nothing } from "#page/elements";
import { bytes, share } from "#page/figures";

const labels = {
  liveBytes: ["live blocks of the heap", "as the program asked for them"],
    trackerBytes: ["MemScope itself", "its tables and rings"],
};

/** Parts of the resident set and what is left over. Pure; keys that later versions add come along by their names. */
export function account(memory) {
  const parts = Object.entries(memory).filter(([key, value]) => typeof value === "number"
    && !["residentBytes", "peakResidentBytes"].includes(key) && value > 0)
    .map(([key, value]) => ({ key, label: labels[key]?.[0] ?? words(key), says: labels[key]?.[1] ?? "", bytes: value,
      known: memory.accuracy === "exact" ? "counted, exact" : memory.accuracy }));
  const named = parts.reduce((sum, part) => sum + part.bytes, 0);
  const rest = memory.residentBytes - named;
  if (rest > 0) parts.push({ key: "rest", label: "everything else",
    says: "code, stacks, free blocks that the allocator keeps, what is mapped", bytes: rest, known: "what is left over" });
  return { parts, total: Math.max(memory.residentBytes, named), exceeds: rest < 0 };
}

function words(key) {
  return key.replace(/Bytes$/, "").replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** @param {import("#page/data").Page} page */
export function memory({ report }) {
  const found = report.memory;
  if (!found.residentBytes) return nothing(report.notCollected.memory ?? "The resident set of the process was not measured.");
  const { parts, total, exceeds } = account(found);
  return element("div", {},
    element("p", { class: "headline" },
      `${bytes(found.residentBytes)} were resident when the report was made, ${bytes(found.peakResidentBytes)} at most.`),
    element("div", { class: "stack", role: "img", "aria-label": parts.map((part) =>
      `${part.label} ${bytes(part.bytes)}`).join(", ") },
      ...parts.map((part, index) => element("i", { class: `part hue-${part.key === "rest" ? 0 : 1 + (index % 6)}`,
        style: { width: `${(100 * part.bytes) / total}%` }, title: `${part.label}: ${bytes(part.bytes)}` }))),
    element("table", { class: "account" }, element("caption", { class: "unseen" }, "Parts of the resident set"),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Part"),
        element("th", { scope: "col", class: "number" }, "Bytes"), element("th", { scope: "col", class: "number" }, "Share"))),
      element("tbody", {}, ...parts.map((part, index) => element("tr", {},
        element("td", {}, element("i", { class: `swatch hue-${part.key === "rest" ? 0 : 1 + (index % 6)}` }), part.label,
        element("span", { class: "place" }, ` ${[part.known, part.says].filter(Boolean).join("; ")}`)),
      element("td", { class: "number" }, bytes(part.bytes)), element("td", { class: "number" }, share(part.bytes, total)))))),
    exceeds ? element("p", { class: "muted" },
      "The parts are more than what is resident: some of the heap was never touched, or is swapped out.") : null,
    parts.some((part) => part.key === "rest") ? element("p", { class: "muted" },
      "What is left over is no measurement: a block that the program asked for need not be resident as a whole.") : null);
}

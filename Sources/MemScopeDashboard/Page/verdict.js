// The first view: what is wrong, in sentences with their evidence, and the figures of the whole.

import { breakable, element, link, prose } from "#page/elements";
import { findings, judgement } from "#page/findings";
import { bytes, duration, plural, share } from "#page/figures";
import { sparkline } from "#page/timeline";

const words = { problem: "Problem", look: "Worth a look", unknown: "Not known", fine: "Fine" };
const signs = { problem: "!", look: "→", unknown: "?", fine: "✓" };

function card(label, value, detail, href) {
  return element(href ? "a" : "div", { class: "card", href }, element("span", { class: "label" }, label),
    element("span", { class: "value" }, value), element("span", { class: "detail" }, detail));
}

/** The totals of the process. */
export function totals(report) {
  const { summary, leaks, memory, peak } = report;
  return element("div", { class: "cards" },
    card("Live now", bytes(summary.liveBytes), plural(summary.liveBlocks, "block"), "#flame?metric=liveBytes"),
    card("At the peak", bytes(summary.peakBytes),
      `${bytes(peak.upperBound) !== bytes(peak.bytes) && peak.upperBound > peak.bytes ? `or up to ${bytes(peak.upperBound)}, ` : ""}after ${duration(peak.time)}`,
      "#flame?metric=peakBytes"),
    leaks.blocks === null ? card("Leaked", "?", "not looked for", "#leaks")
      : card("Leaked", bytes(leaks.bytes), plural(leaks.blocks, "block"), "#leaks"),
    card("Allocated in all", bytes(summary.allocatedBytes), plural(summary.allocations, "block"), "#flame?metric=allocatedBytes"),
    card("Short-lived", summary.temporaries > 0 ? share(summary.temporaries, summary.allocations) : "none", plural(summary.temporaries, "temporary block"),
      "#sites?sites-sort=temporaries"),
    memory.peakResidentBytes ? card("Resident", bytes(memory.residentBytes), `peak ${bytes(memory.peakResidentBytes)}`,
      "#memory") : null);
}

function item(finding) {
  return element("li", { class: `finding ${finding.level}` },
    element("span", { class: "sign", "aria-hidden": "true" }, signs[finding.level]),
    element("div", {},
      element("h3", {}, element("span", { class: "level" }, words[finding.level]), " ", ...breakable(finding.title)),
      finding.text ? element("p", {}, ...prose(finding.text)) : null,
      finding.advice ? element("p", { class: "advice" }, element("strong", {}, "What to change: "), ...prose(finding.advice)) : null,
      finding.href ? link(finding.href, "Show the evidence", { "aria-label": `Show the evidence: ${finding.title}` }) : null));
}

/** @param {import("#page/data").Page} page */
export function verdict({ report }) {
  const all = findings(report);
  return element("div", {},
    element("p", { class: "judgement" }, judgement(all)),
    report.summary.headline ? element("p", { class: "headline" }, report.summary.headline) : null,
    totals(report), sparkline(report),
    element("ol", { class: "findings" }, ...all.map(item)));
}

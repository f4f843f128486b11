// Scopes and routes: what one run allocates and leaves behind, as a distribution.

import { remember, setting } from "#page/address";
import { badge, element, nothing, picture } from "#page/elements";
import { figures, heldAlone, leaked } from "#page/columns";
import { bytes, count, plural } from "#page/figures";
import { eventTables, scopePath } from "#page/events";
import { leavesMemory } from "#page/findings";
import { stretchLine, stretchOf, stretchTable } from "#page/stretched";
import { table } from "#page/table";

/** @type {[string, string, (value: number) => string][]} */
const figuresOfRuns = [["allocations", "blocks allocated", count], ["allocatedBytes", "bytes allocated", bytes],
  ["retainedBytes", "left behind", bytes]];

/** Median, 95th percentile, mean and largest on one line; the scale is that of the figure's largest. */
function distribution({ median, percentile95, mean, largest }, text) {
  const scale = (value) => (largest > 0 ? (196 * value) / largest : 0) + 2;
  return element("div", { class: "distribution" },
    picture("svg", { width: 200, height: 16, viewBox: "0 0 200 16", role: "img",
      "aria-label": `median ${text(median)}, 95 % at most ${text(percentile95)}, largest ${text(largest)}, mean ${text(mean)}` },
      picture("line", { class: "grid", x1: 2, x2: scale(largest), y1: 8, y2: 8 }),
      picture("rect", { class: "most", x: 2, width: Math.max(scale(percentile95) - 2, 1), y: 4, height: 8 }),
      picture("line", { class: "median", x1: scale(median), x2: scale(median), y1: 1, y2: 15 }),
      picture("circle", { class: "mean", cx: scale(mean), cy: 8, r: 2.5 })),
    element("span", { class: "place" }, `median ${text(median)}, 95 % at most ${text(percentile95)}, largest ${text(largest)}`));
}

/** Scopes in a stretch of time, and the runs that touch it. */
function ofStretch(page, stretch) {
  const paths = new Map(page.report.scopes.map((row, index) => [row, scopePath(page.report.scopes, index)]));
  const report = { ...page.report, scopes: page.report.scopes.map((row) => ({ ...row, path: paths.get(row) })) };
  const name = { label: "Scope", plain: (row) => row.path, cell: (row) => element("span", {}, row.path) };
  return element("div", {},
    stretchLine(page, stretch, "Inner scopes are included; what one run does is known of the whole run alone."),
    stretchTable({ ...page, report }, "scopes", stretch, name, "Outside of any scope", { name: "scopes", caption: "Scopes in a stretch of time" }),
    eventTables(page.report, stretch)[0]);
}

/** @param {import("#page/data").Page} page */
export function scopes(page) {
  const { report } = page;
  if (report.scopes.length === 0) return nothing(`${report.notCollected.scopes ?? "The program entered no scope."} trackScope("name") { … } around a piece of work makes one; so do the integrations for servers and spans.`);
  const stretch = stretchOf(report, "scopes");
  if (stretch) return ofStretch(page, stretch);
  const rows = report.scopes.map((row, index) => ({ ...row, path: scopePath(report.scopes, index), perRun: row.runs.allocations.mean,
    left: row.runs.retainedBytes.mean, ended: row.runs.ended }));
  const detail = element("div", {});
  const show = (row) => detail.replaceChildren(element("article", { class: "cycle" },
    element("h3", {}, row.path),
      element("p", {}, `${plural(row.ended, "run")} ended, entered ${plural(row.entries, "time")}. What one run does:`),
    row.ended > 0 ? element("dl", { class: "runs" }, ...figuresOfRuns.map(([key, label, text]) =>
      element("div", {}, element("dt", {}, label), element("dd", {}, distribution(row.runs[key], text)))))
      : nothing("No run has ended, so there is no distribution."),
    row.ended > 0 ? element("p", { class: "place" }, "The bar holds 95 % of the runs, the line is their median, the dot their mean.") : null));
  const asked = rows.find((row) => row.path === setting("scope")) ?? rows.reduce((best, row) =>
    (row.liveBytes > best.liveBytes ? row : best), rows[0]);
  show(asked);
  return element("div", {}, detail, element("h3", {}, "All scopes"),
    table([
      { label: "Scope", plain: (row) => row.path, cell: (row) => element("div", {},
        element("button", { type: "button", class: "inline",
        onclick: () => {
          show(row);
          remember({ scope: row.path });
          detail.scrollIntoView({ block: "nearest" });
        } }, row.path),
        leavesMemory(row) ? badge("leaves memory each run", "cut") : null) },
      { label: "Entered", key: "entries", text: count },
      { label: "Allocations a run", key: "perRun", text: count,
        says: "On average, of the runs that ended" },
      { label: "Left a run", key: "left", text: bytes, says: "Bytes still live when the run ended, on average" }, ...figures,
        ...leaked(rows),
      ...heldAlone(rows),
      { label: "Allocated itself", key: "selfAllocatedBytes", text: bytes, says: "Without inner scopes" },
    ], rows, { name: "scopes", sort: "liveBytes", caption: "Scopes" }));
}

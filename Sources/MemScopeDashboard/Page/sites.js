// Call sites: the program's own lines that allocated, as a table to sort, filter and take away.

import { setting, remember } from "#page/address";
import { choice, element, notice } from "#page/elements";
import { framed } from "#page/columns";
import { bytes, count } from "#page/figures";
import { chosenStretch, stretchText, wholeTime } from "#page/stretch";
import { table } from "#page/table";
import { figuresOf, sitesOf } from "#page/window";

const lists = {
  all: { label: "are largest by any figure", rows: (report) => report.callSites, sort: "liveBytes" },
  peak: { label: "held most at the peak", rows: (report) => report.peak.holders, sort: "peakBytes" },
  temporary: { label: "made most temporaries", rows: (report) => report.temporaries.callSites, sort: "temporaries" },
};

/** The call sites of a stretch of time. */
function ofStretch({ report, tree, base }, stretch) {
  const rows = sitesOf(tree, figuresOf(tree, report.timeline.intervals, stretch.from, stretch.to).figures);
  return element("div", {},
    notice(`Only what happened in ${stretchText(stretch)}${base ? " of the newer report" : ""}. `, wholeTime()),
    table([
      framed("Function", tree, (row) => (row.grownBytes > 0 ? "grownBytes" : "allocatedBytes")),
      { label: "Stayed", key: "grownBytes", text: bytes, bar: true, says: "Bytes allocated in this stretch and not freed in it" },
      { label: "Blocks that stayed", key: "grownBlocks", text: count, says: "Allocated in this stretch and not freed in it" },
      { label: "Allocated", key: "allocatedBytes", text: bytes },
      { label: "Allocations", key: "allocations", text: count },
    ], rows, { name: "sites", sort: "grownBytes", limit: 50, caption: "Call sites of a stretch of time",
      empty: "Nothing was allocated in this stretch." }));
}

/** @param {import("#page/data").Page} page */
export function sites(page) {
  const { report, tree } = page;
  const stretch = chosenStretch(report);
  if (stretch) return ofStretch(page, stretch);
  const key = lists[setting("list")] ? setting("list") : "all";
  return element("div", {},
    element("p", { class: "muted" }, "The first line of your own code of each stack, with everything allocated on its behalf."),
    element("div", { class: "controls" }, choice("Those that", Object.entries(lists).map(([each, { label }]) => [each, label]), key,
      (value) => {
      remember({ list: value === "all" ? null : value });
      dispatchEvent(new Event("hashchange"));
    })),
    table([
      framed("Function", tree),
      { label: "Live", key: "liveBytes", text: bytes, bar: true },
      { label: "Live blocks", key: "liveBlocks", text: count },
      { label: "Allocated", key: "allocatedBytes", text: bytes },
      { label: "Allocations", key: "allocations", text: count },
      { label: "Temporary", key: "temporaries", text: count,
        says: "Blocks freed before the thread allocated again" },
      { label: "At the peak", key: "peakBytes", text: bytes },
      { label: "Stacks", key: "stacks", text: count,
        says: "Distinct stacks that lead here" },
    ], lists[key].rows(report), { name: "sites", sort: lists[key].sort, limit: 50, caption: "Call sites",
      empty: "Nothing was allocated." }));
}

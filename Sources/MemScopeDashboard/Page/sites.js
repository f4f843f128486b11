// Call sites: the program's own lines that allocated, as a table to sort, filter and take away.

import { setting, remember } from "#page/address";
import { choice, element } from "#page/elements";
import { framed } from "#page/columns";
import { bytes, count } from "#page/figures";
import { table } from "#page/table";

const lists = {
  all: { label: "lead by any figure", rows: (report) => report.callSites, sort: "liveBytes" },
  peak: { label: "held most at the peak", rows: (report) => report.peak.holders, sort: "peakBytes" },
  temporary: { label: "made most temporaries", rows: (report) => report.temporaries.callSites, sort: "temporaries" },
};

/** @param {import("#page/data").Page} page */
export function sites({ report, tree }) {
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

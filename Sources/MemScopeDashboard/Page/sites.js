// The program's own lines that allocated most.

import { element, frameCell, table } from "#page/elements";
import { bytes, count } from "#page/figures";

/** Call sites; `show` opens one in the call tree. */
export function callSites(rows, sort, show) {
  if (rows.length === 0) return element("p", { class: "muted" }, "Nothing was allocated.");
  return table([
    { label: "Function", cell: frameCell },
    { label: "Live", key: "liveBytes", text: bytes },
    { label: "Allocated", key: "allocatedBytes", text: bytes },
    { label: "Allocations", key: "allocations", text: count },
    { label: "Temporary", key: "temporaries", text: count },
    { label: "At peak", key: "peakBytes", text: bytes },
    { label: "Stacks", key: "stacks", text: count },
    {
      label: "", cell: (row) => element("td", {}, row.node < 0 ? ""
        : element("button", { type: "button", onclick: () => show(row.node + 1), title: "Show in the call tree" }, "↓ tree")),
    },
  ], rows, { sort, limit: 15 });
}

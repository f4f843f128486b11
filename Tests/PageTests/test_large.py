"""A page of more nodes than it may have: it says what is left out, and what it has is right."""

import random
import unittest

from browser import VIEWS, PageCase
from command import render, render_again
import capture

NODES = 64_000
FIGURES = ["allocations", "frees", "temporaries", "temporaryBytes", "allocatedBytes", "liveBlocks", "liveBytes", "peakBlocks", "peakBytes"]


def enlarge(report):
    """Replaces a report's tree by one of many nodes, deep and wide, whose figures add up."""
    numbers = random.Random(5)
    nodes, depths = [], []
    for index in range(NODES):
        parent = -1 if index == 0 else max(0, index - 1 - int(numbers.random() ** 3 * min(index, 60)))
        depths.append(0 if parent < 0 else depths[parent] + 1)
        if depths[-1] > 120:
            parent, depths[-1] = 0, 1
        nodes.append({"parent": parent, "function": f"Module.function{numbers.randrange(3_000)}(_:with:)", "file": f"/src/Sources/Package{numbers.randrange(9)}/File.swift",
                      "line": numbers.randrange(1, 900), "module": "server", "isInlined": False, "isRuntime": index % 9 == 8, "kind": "async" if index % 40 == 3 else "frame",
                      **dict.fromkeys(FIGURES, 0)})
        own = int(1 / (numbers.random() + 1e-4))
        nodes[-1].update(allocations=own, allocatedBytes=own * 64, liveBlocks=own, liveBytes=own * 64)
    for node in reversed(nodes):
        if node["parent"] >= 0:
            for key in FIGURES:
                nodes[node["parent"]][key] += node[key]
    report["callTree"].update(nodes=nodes, pruned=None, total={key: nodes[0][key] for key in FIGURES})
    del report["callTree"]["pruned"]
    for site in report["callSites"]:
        site["node"] = numbers.randrange(NODES)
    return report


class LargePageTests(PageCase):
    def test_a_large_heap(self):
        report = enlarge(render(capture.server(), self.directory))
        render_again(report, self.directory)
        size = (self.directory / "report.html").stat().st_size
        self.assertLess(size, 5_000_000)
        page = self.open(self.directory)
        for view in VIEWS:
            self.assertNotIn("could not be drawn", self.go(page, view), view)
        text = self.go(page, "flame")
        self.assertRegex(text, r"4.000 small nodes are left out of this page; their [\d.]+ .iB allocated")
        self.keep(page, "large-flame")
        self.open_list(page)
        whole = page.locator("#flame .tree li > .node .amount").first.inner_text()
        self.assertIn(whole, text)
        self.go(page, "sites")
        page.locator("#sites tbody a").first.click()
        page.wait_for_selector("#flame .selected")
        # The nodes that rows point at stay, whatever they have.
        shown = [row for row in report["callSites"] if report["callTree"]["nodes"][row["node"]]["function"] == page.inner_text("#flame .selected strong")]
        self.assertGreater(len(shown), 0)
        self.go(page, "flame?inverted=1")
        self.assertNotIn("could not be drawn", page.inner_text("#flame"))


if __name__ == "__main__":
    unittest.main()

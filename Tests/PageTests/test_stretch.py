"""A stretch of time that is chosen on the timeline restricts every view that can be, and the others say that they are not."""

import json
import unittest

from browser import VIEWS, PageCase
from later_sections import embedded, replaced, rows_of

RESTRICTED = {"types": "types", "threads": "threads", "scopes": "scopes", "tasks": "taskSites"}


class StretchTests(PageCase):
    def brushed(self):
        """A page with a stretch chosen by hand, and the numbers of its intervals."""
        page = self.open(self.rendered("leaking", is_full=True), view="#timeline")
        page.wait_for_selector("svg.timeline")
        box = page.locator("svg.timeline").bounding_box()
        page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 100)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 100, steps=4)
        page.mouse.up()
        page.wait_for_selector("text=Its scopes")
        ends = [int(option.get_attribute("value")) for option in page.locator("#timeline select[aria-label=To] option").all()]
        begin, end = [int(page.locator(f"#timeline select[aria-label={side}]").input_value()) for side in ("From", "To")]
        return page, [index for index, at in enumerate(ends) if begin < at <= end]

    def report(self):
        return embedded((self.rendered("leaking", is_full=True) / "report.html").read_text(), "report-data")

    def sums(self, report, section, numbers):
        """What each row did in the intervals of those numbers: allocations, bytes, frees, freed bytes; scopes with those inside of them."""
        sums = {row: [0] * 4 for row in range(-1, len(report[section]))}
        for number in numbers:
            for row, *values in rows_of(report, section, number):
                sums[row] = [one + other for one, other in zip(sums[row], values)]
        for row in reversed(range(len(report[section]))):
            parent = report[section][row].get("parent", -1) if section == "scopes" else -1
            if parent >= 0:
                sums[parent] = [one + other for one, other in zip(sums[parent], sums[row])]
        return sums

    def numbers(self, page, view, column):
        """A column of counts of the first table of a view."""
        cells = page.locator(f"#{view} .tabular").first.locator(f"tbody td:nth-child({column})").all_inner_texts()
        return sorted(int("".join(filter(str.isdigit, cell))) for cell in cells)

    def test_rows_have_what_the_intervals_have(self):
        page, numbers = self.brushed()
        report = self.report()
        self.assertGreater(len(numbers), 2)
        for view, section in RESTRICTED.items():
            with self.subTest(view):
                page.locator(f"nav a[href='#{view}']").click()
                page.wait_for_selector(f"section#{view} .notice")
                self.assertIn("Only what happened in", page.inner_text(f"#{view} .notice"))
                self.assertEqual(page.locator(f"#{view} .wholerun").count(), 0)
                self.keep(page, f"stretch-{view}")
                sums = self.sums(report, section, numbers)
                rows = [values for row, values in sums.items() if row >= 0]
                self.assertEqual(self.numbers(page, view, 3), sorted(row[0] for row in rows))
                self.assertEqual(self.numbers(page, view, 5), sorted(row[2] for row in rows))
                self.assertIn(f"in {sums[-1][0]:,} blocks".replace(",", "\u202f"), page.inner_text(f"#{view} .outside >> nth=0"))
        page.get_by_role("button", name="Whole time").click()
        page.wait_for_selector("#tasks .notice", state="detached")
        self.assertNotIn("from=", page.url)

    def test_the_flame_graph_by_owner_is_of_the_stretch(self):
        page, numbers = self.brushed()
        report = self.report()
        stretch = page.evaluate("location.hash").partition("?")[2]
        for by, section in (("type", "types"), ("thread", "threads"), ("scope", "scopes"), ("task", "taskSites")):
            with self.subTest(by):
                total = sum(rows[1] for number in numbers for rows in rows_of(report, section, number))
                text = self.go(page, f"flame?{stretch}&by={by}&metric=allocations")
                self.assertIn("Only what happened between", text)
                self.assertIn(f"Allocations: {total:,}".replace(",", "\u202f"), page.inner_text(".details"))
        self.assertIn("inferred, 75 % sure", self.go(page, f"flame?{stretch}&by=type&metric=allocations"))

    def test_every_other_view_says_that_it_is_not_restricted(self):
        page, _ = self.brushed()
        for view in VIEWS:
            if view in RESTRICTED or view in ("flame", "timeline", "sites", "growth"):
                continue
            page.locator(f"nav a[href='#{view}']").click()
            page.wait_for_selector(f"section#{view}")
            line = page.inner_text(f"#{view} .wholerun")
            self.assertIn("at the end of the run, whatever stretch" if view in ("leaks", "ownership", "memory")
                          else "All of this is of the whole run", line)
            self.assertIn("of scopes, of tasks, of threads and of what grows", line)

    def test_figures_by_type_say_how_sure_they_are(self):
        page, _ = self.brushed()
        page.locator("nav a[href='#types']").click()
        page.wait_for_selector("section#types .notice")
        self.assertIn("inferred, 75 % sure", page.inner_text("#types"))
        self.assertEqual(page.locator("#types tbody .trust").count(), 1)
        name = self.report()["types"][1]["name"]
        self.assertIn(name.split(".")[-1], page.locator("#types tbody tr", has=page.locator(".trust")).inner_text())

    def test_without_changes_by_owner_a_view_is_of_the_whole_run_and_says_so(self):
        html = (self.rendered("leaking", is_full=True) / "report.html").read_text()
        report = embedded(html, "report-data")
        for interval in report["timeline"]["intervals"]:
            for section in ("threads", "scopes", "taskSites", "queues", "types"):
                interval[section] = []
        (self.directory / "report.html").write_text(replaced(html, "report-data", json.loads(json.dumps(report))))
        page = self.open(self.directory, view="#threads?from=3000000000&to=5000000000")
        page.wait_for_selector("#threads .wholerun")
        line = page.inner_text("#threads .wholerun")
        self.assertIn("by call stack, of call sites and of what grows", line)
        self.assertIn("By type only the whole run is known", self.go(page, "flame?from=3000000000&to=5000000000&by=type"))


if __name__ == "__main__":
    unittest.main()

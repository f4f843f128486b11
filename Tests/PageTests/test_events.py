"""What happened at instants of the timeline: runs of scopes and snapshots, as a picture and as tables."""

import unittest

import capture
from browser import PageCase
from command import render
from later_sections import embedded, replaced


class EventTests(PageCase):
    def test_runs_lie_below_each_other_and_tell_what_they_did(self):
        page = self.open(self.rendered("server"), view="#timeline")
        page.wait_for_selector("svg .run")
        self.keep(page, "runs")
        bars = [bar.bounding_box() for bar in page.locator("svg rect.run").all()]
        self.assertEqual(len(bars), 19)
        for index, one in enumerate(bars):
            for other in bars[index + 1:]:
                apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                self.assertTrue(apart or abs(one["y"] - other["y"]) >= one["height"], (one, other))
        self.assertEqual(len({bar.get_attribute("y") for bar in page.locator("svg rect.run").all()}), 2)
        titles = [title.text_content() for title in page.locator("svg rect.run title").all()]
        self.assertIn("GET /users, from 1.00 s, 900.0 ms: allocated 9.77 KiB in 120 blocks, left 1000 B", titles)
        self.assertIn("GET /users › decode, from 1.10 s, 400.0 ms: allocated 3.91 KiB in 60 blocks, left 0 B", titles)
        self.assertIn("GET /users, from 11.00 s, 1.47 s so far", titles)
        self.assertEqual(page.locator("svg rect.run.lasts").count(), 1)
        # A second of the axis is as wide for runs as for what is above them.
        first, second = sorted(bars, key=lambda bar: bar["x"])[0], sorted(bars, key=lambda bar: bar["x"])[2]
        self.assertAlmostEqual((second["x"] - first["x"]) / first["width"], 11 / 9, delta=0.05)
        self.assertIn("Of 60 runs of scopes the 19 longest are here", page.inner_text("#timeline .cut"))
        names = page.locator("svg .runtext").all_text_contents()
        self.assertTrue(any(name.startswith("GET") for name in names), names)

    def test_snapshots_are_marked(self):
        page = self.open(self.rendered("server"), view="#timeline")
        page.wait_for_selector("svg .snapshot")
        titles = [title.text_content() for title in page.locator("svg .snapshot title").all()]
        self.assertEqual(titles, ["Snapshot after 5.00 s, by the clock: 342 KiB live",
                                  "Snapshot after 12.47 s, at the end of the process; leaks were looked for: 546 KiB live"])
        self.assertEqual(page.locator("svg .snapshot.searched").count(), 1)

    def test_the_tables_say_the_same_and_follow_the_stretch(self):
        page = self.open(self.rendered("leaking", is_full=True), view="#timeline")
        page.wait_for_selector("[aria-label='Table: Runs of scopes']")
        table = page.locator("[aria-label='Table: Runs of scopes']")
        self.assertEqual(table.locator("tbody tr").count(), 15)
        self.assertIn("not over", table.locator("tbody tr").first.inner_text())
        self.assertEqual(page.locator("[aria-label='Table: Snapshots'] tbody tr").count(), 2)
        self.go(page, "timeline?from=3000000000&to=5200000000")
        chosen = [int(page.locator(f"#timeline select[aria-label={side}]").input_value()) for side in ("From", "To")]
        begins = [1_000_000_000 + 1_100_000_000 * run for run in range(9)]
        spans = [(at, at + 900_000_000) for at in begins] + [(at + 100_000_000, at + 500_000_000) for at in begins]
        expected = sum(begin <= chosen[1] and end >= chosen[0] for begin, end in spans)
        self.assertEqual(table.locator("tbody tr").count(), expected)
        self.assertLess(expected, 15)
        self.assertEqual(page.locator("[aria-label='Table: Snapshots'] tbody tr").count(), 1)

    def test_more_runs_than_rows_are_said(self):
        html = (self.rendered("server") / "report.html").read_text()
        report = embedded(html, "report-data")
        report["timeline"]["scopeRuns"] = [{"scope": 0, "begin": 10 ** 9, "end": 9 * 10 ** 9, "hasEnded": True, "allocations": 1,
                                            "allocatedBytes": 1, "retainedBytes": 1}] * 20
        report["timeline"]["scopeRunsRecorded"] = 20
        path = self.directory / "report.html"
        path.write_text(replaced(html, "report-data", report))
        page = self.open(self.directory, view="#timeline")
        page.wait_for_selector("svg .run")
        self.assertEqual(page.locator("svg rect.run").count(), 12)
        self.assertIn("8 runs more are in the table alone", page.inner_text("#timeline .cut"))

    def test_a_report_from_before_there_were_events_opens(self):
        report = render(capture.server(), self.directory)
        for key in ("scopeRuns", "scopeRunsRecorded", "snapshots", "snapshotsRecorded"):
            report["timeline"].pop(key)
        html = (self.directory / "report.html").read_text()
        inner = embedded(html, "report-data")
        inner["timeline"] = {**report["timeline"]}
        (self.directory / "report.html").write_text(replaced(html, "report-data", inner))
        page = self.open(self.directory, view="#timeline")
        page.wait_for_selector("svg.timeline")
        self.assertEqual(page.locator("svg .run, svg .snapshot").count(), 0)


if __name__ == "__main__":
    unittest.main()

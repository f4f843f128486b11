"""`memscope diff`: two reports in one page."""

import json
import unittest

import capture
from browser import VIEWS, PageCase, named
from command import memscope, render
from later_sections import embedded


class ComparisonTests(PageCase):
    def compare(self, change=lambda report: None, older=capture.server):
        """The page that compares a server's report with a changed one."""
        old = named(render(older(), self.directory / "old"))
        new = named(render(capture.leaking(), self.directory / "new"))
        change(new)
        for name, report in [("old", old), ("new", new)]:
            (self.directory / name / "report.json").write_text(json.dumps(report))
        memscope("diff", self.directory / "old/report.json", self.directory / "new/report.json", "--output", self.directory)
        return self.open(self.directory)

    @staticmethod
    def grown(report):
        """Makes one branch of the tree twice as large, another one half, and the sums with them."""
        nodes = report["callTree"]["nodes"]
        tops = [index for index, node in enumerate(nodes) if node["parent"] == -1]
        largest = sorted(tops, key=lambda index: -nodes[index]["liveBytes"])

        def scale(top, by, over):
            inside = {top}
            change = nodes[top]["liveBytes"] * by // over - nodes[top]["liveBytes"]
            for index, node in enumerate(nodes):
                if index == top or node["parent"] in inside:
                    inside.add(index)
                    node["liveBytes"] = node["liveBytes"] * by // over
            report["callTree"]["total"]["liveBytes"] += change
            return change

        change = scale(largest[0], 2, 1) + scale(largest[1], 1, 2)
        report["summary"]["liveBytes"] += change
        report["types"][0]["liveBytes"] += change
        report["types"][0]["name"] = "Server.Fresh"

    def test_what_changed_comes_first(self):
        page = self.compare(self.grown)
        self.assertIn("#changes", page.url)
        text = page.inner_text("#changes")
        self.assertIn("The live heap grew by", text)
        for words in ("Server.Fresh", "new", "gone", "Before", "After"):
            self.assertIn(words, text)
        self.assertRegex(text, r"\+\d")
        self.assertRegex(text, "−\\d")
        self.keep(page, "diff-changes")
        # A cycle is not new when leaks were looked for only once: nothing is said of cycles then.
        self.assertNotIn("Retain cycles", text)
        self.assertIn("Leaks are not compared: they were looked for only in the newer report.", text)

    def test_the_flame_graph_shows_growth_and_shrinkage_with_signs(self):
        page = self.compare(self.grown)
        self.go(page, "flame")
        colours = page.evaluate("""() => {
            const canvas = document.querySelector("canvas");
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            const seen = {};
            for (let at = 0; at < data.length; at += 4) {
              const key = `${data[at]},${data[at + 1]},${data[at + 2]}`;
              seen[key] = (seen[key] ?? 0) + 1;
            }
            return seen;
        }""")
        self.keep(page, "diff-flame")
        self.assertGreater(colours.get("242,174,159", 0), 1_000, "grown by half of what it is now")
        self.assertGreater(colours.get("165,202,238", 0) + colours.get("111,170,226", 0), 1_000, "shrunk")
        # The whole is what was and what is, not the sum of what is drawn.
        report = embedded((self.directory / "report.html").read_text(), "report-data")
        base = embedded((self.directory / "report.html").read_text(), "base-report-data")
        whole = [f"{each['callTree']['total']['liveBytes'] / 1024 + 0.001:.0f} KiB" for each in (base, report)]
        self.assertIn(f"Live bytes: {whole[0]} → {whole[1]}", page.inner_text(".details"))
        page.focus("canvas")
        page.keyboard.press("ArrowDown")
        self.assertRegex(page.inner_text(".details"), r"→ .* \(\+")
        page.keyboard.press("ArrowRight")
        self.assertRegex(page.inner_text(".details"), "→ .* \\(−")
        self.go(page, "flame?plain=1")
        self.assertNotIn("→", page.inner_text(".details"))

    def test_every_other_view_is_the_newer_report_s_and_says_so(self):
        page = self.compare()
        self.assertIn("The live heap is as large as before.", page.inner_text("#changes"))
        self.assertIn("0x5200", self.go(page, "leaks"))
        self.assertIn("Server.User", self.go(page, "types"))
        for view in VIEWS:
            shown = self.go(page, view)
            (self.assertNotIn if view == "flame" else self.assertIn)("This is the newer report alone", shown, view)
        self.assertIn("This is the newer report alone", self.go(page, "flame?plain=1"))

    def test_what_holds_memory_is_compared_before_and_after(self):
        def change(report):
            self.grown(report)
            group = next(row for row in report["leaks"]["groups"] if row["category"] == "definite")
            group.update(bytes=3_000, blocks=3, retainedBytes=4_000)
            report["cycles"][0]["instances"] = 5
            report["scopes"][1]["liveBytes"] += 1_024
            report["scopes"][1]["selfLiveBytes"] += 1_024
            report["taskSites"][0]["suspended"] = 9
            report["threads"][0].update(tid=77, liveBytes=report["threads"][0]["liveBytes"] + 2_048)
            report["tasks"][0]["liveBytes"] += 512

        page = self.compare(change, older=capture.leaking)
        text = page.inner_text("#changes")
        for words in ("1000 B → 2.93 KiB", "1 → 5", "GET /users › decode", "2 → 9", "+7", "Threads by name", "+2.00 KiB", "accept loop", "+512 B"):
            self.assertIn(words, text)
        names = page.locator("#changes h3").all_inner_texts()
        self.assertEqual(names, ["Retain cycles", "Leaks", "Types", "Call sites", "Scopes", "Tasks by the place that created them",
                                 "Tasks that are there", "Threads by name"])
        self.keep(page, "diff-changes-all", whole=True)
        # Owners, and stacks from the inside out, are one picture of both.
        for view in ("flame?by=type", "flame?by=task", "flame?by=scope", "flame?by=thread", "flame?inverted=1"):
            self.go(page, view)
            self.assertRegex(page.inner_text("#flame .details"), r"Live bytes: [\d.]+ .?i?B → [\d.]+ .?i?B", view)
            self.assertTrue(page.locator("#flame .legend .growth").is_visible(), view)
        self.open_list(page)

    def test_what_cannot_be_read_is_said(self):
        done = memscope("diff", self.directory / "none", self.directory / "none", check=False)
        self.assertGreater(done.returncode, 0)
        self.assertIn("there is no such file", done.stderr)


if __name__ == "__main__":
    unittest.main()

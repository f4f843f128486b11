"""What the page says of its own limits: what is not listed, what is not measured, and what nothing of a report can do."""

import json
import re
import unittest

from browser import PageCase
from command import ROOT
from later_sections import embedded, frame, replaced


class LimitTests(PageCase):
    def changed(self, change):
        """The full page with its report changed by a function."""
        html = (self.rendered("leaking", is_full=True) / "report.html").read_text()
        report = json.loads(json.dumps(embedded(html, "report-data")))
        change(report)
        (self.directory / "report.html").write_text(replaced(html, "report-data", report))
        return self.open(self.directory)

    def test_what_is_shared_is_listed_by_what_it_keeps_and_columns_have_something(self):
        def change(report):
            row = report["ownership"]["shared"][0]
            blind = {"strong": None, "unowned": None, "weak": None, "name": None}
            report["ownership"].update(objects=538, selection="largest", shared=[
                {**row, **blind, "type": "untyped", "retainedBytes": 10 * (index + 1), "address": f"0x{index + 1:x}"} for index in range(6)])
        page = self.changed(change)
        text = self.go(page, "ownership")
        self.assertIn("538 objects", text)
        self.assertIn("The 6 that keep most are listed.", text)
        self.assertNotIn("Looked at", text)
        table = page.locator("#ownership table").first
        heads = table.locator("th").all_inner_texts()
        for column in ("Strong", "Unowned", "Weak"):
            self.assertNotIn(column, heads)
        kept = [row.locator("td").nth(heads.index("Keeps")).inner_text() for row in table.locator("tbody tr").all()]
        self.assertEqual(kept, ["60 B", "50 B", "40 B", "30 B", "20 B", "10 B"])

    def test_counts_of_objects_that_have_them_are_shown(self):
        page = self.open(self.rendered("leaking", is_full=True), view="#ownership")
        heads = page.locator("#ownership table").first.locator("th").all_inner_texts()
        for column in ("Strong", "Unowned", "Weak"):
            self.assertIn(column, heads)
        self.assertIn("Looked at: Server.Session.", page.inner_text("#ownership"))

    def test_tasks_that_never_allocated_are_counted_and_said_not_to_be_listed(self):
        def change(report):
            others = [{**report["taskSites"][0], **frame(f"place {index}", 9), "suspended": 0, "liveBytes": 1_000 + index} for index in range(8)]
            report["taskSites"] += [*others, {**report["taskSites"][0], **frame("accept()", 9), "suspended": 552, "liveBytes": 0}]
        page = self.changed(change)
        page.get_by_role("link", name="Show the evidence: 552 tasks of one place are suspended").click()
        page.wait_for_selector("section#tasks")
        listed = page.locator("#tasks table").first.locator("tbody tr").count()
        self.assertRegex(page.inner_text("#tasks"), rf"\d+ tasks are there\. Listed are {listed} that were seen to allocate")
        self.assertIn("accept()", page.locator("#tasks table").nth(1).locator("tbody tr").first.inner_text())

    def test_evidence_of_growth_is_the_row(self):
        def change(report):
            report["growth"] += [{**report["growth"][1], "function": f"Pool.fill{index}()"} for index in range(6)]
        page = self.changed(change)
        page.get_by_role("link", name="Show the evidence: Server.Session grows without bound").click()
        page.wait_for_selector("section#growth")
        self.assertEqual(page.locator("#growth tbody tr").count(), 1)
        self.assertIn("Server.Session", page.inner_text("#growth tbody"))

    def test_code_in_advice_is_code(self):
        page = self.open(self.rendered("leaking"))
        self.assertIn("[weak self]", page.locator(".advice code").all_inner_texts())
        self.assertNotIn("`", page.inner_text("#verdict"))
        self.assertNotIn("`", self.go(page, "leaks"))
        self.assertEqual(page.locator("#leaks .notice code").inner_text(), "[weak self]")

    def test_cycles_that_are_not_listed_are_spoken_of(self):
        sentence = "At most 200 shapes of retain cycles are listed, those that keep most."
        page = self.changed(lambda report: report["notCollected"].update(cycles=sentence))
        self.assertIn(sentence, self.go(page, "leaks"))
        self.assertNotIn(sentence, self.go(self.open(self.rendered("leaking")), "leaks"))

    def test_names_in_the_picture_of_a_cycle_are_not_cut_off_by_its_edges(self):
        def change(report):
            cycle = report["cycles"][0]
            cycle["members"][1]["type"] = "closure context (Server.User, Swift.ContinuousClock.Instant)"
            cycle["edges"][1]["field"] = "capture 0 (Server.User)"
        page = self.changed(change)
        self.go(page, "leaks")
        outside = page.evaluate("""() => [...document.querySelectorAll("svg.cycle-picture text")].filter((text) => {
            const [own, whole] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
            const box = text.closest("g")?.querySelector("rect").getBoundingClientRect() ?? whole;
            return own.right > Math.min(box.right, whole.right);
        }).map((text) => text.textContent)""")
        self.assertEqual(outside, [])
        self.assertIn(".capture 0", page.locator("svg.cycle-picture").text_content())

    def test_the_remainder_of_the_memory_account_is_no_exact_figure(self):
        page = self.open(self.rendered("server"), view="#memory")
        rows = {row.split("\t")[0].split(" ")[0]: row for row in page.locator("#memory tbody tr").all_inner_texts()}
        self.assertIn("what is left over", rows["everything"])
        self.assertNotIn("exact", rows["everything"])
        self.assertIn("counted, exact", rows["live"])
        self.assertIn("What is left over is no measurement", page.inner_text("#memory"))

    def test_nodes_that_are_left_out_with_nothing_are_not_told_with_zeros(self):
        html = (self.rendered("server") / "report.html").read_text()
        tree = json.loads(json.dumps(embedded(html, "tree-data")))
        tree["pruned"] = {"1": {"nodes": 32, "allocatedBytes": 0, "liveBytes": 0}}
        (self.directory / "report.html").write_text(replaced(html, "tree-data", tree))
        text = self.go(self.open(self.directory), "honesty")
        self.assertIn("32 small call tree nodes are not in this page.", text)


class PolicyTests(PageCase):
    """The policy in the page is what the documentation says, and the browser keeps to it."""

    def test_the_documentation_says_what_is_loose(self):
        html = (self.rendered("server") / "report.html").read_text()
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html).group(1)
        self.assertLess(html.index("Content-Security-Policy"), html.index("<style"))
        self.assertLess(html.index("Content-Security-Policy"), html.index("<script"))
        said = (ROOT / "Docs/dashboard.md").read_text()
        for directive in policy.split("; "):
            name, *values = directive.split(" ")
            if values != ["'none'"]:
                self.assertIn(f"`{directive}`", said)
            else:
                self.assertIn(name, said)

    def test_nothing_is_loaded_sent_or_made_of_text(self):
        page = self.tab()
        page.goto(f"file://{self.rendered('server')}/report.html")
        page.wait_for_selector("main[aria-busy=false] section")
        refused = page.evaluate("""async () => {
            const refused = new Set();
            addEventListener("securitypolicyviolation", (event) => refused.add(event.effectiveDirective));
            const add = (name, attributes) => document.body.append(Object.assign(document.createElement(name), attributes));
            const away = "https://nowhere.invalid/it";
            add("img", { src: away });
            add("script", { src: away });
            add("iframe", { src: away });
            add("link", { rel: "stylesheet", href: away });
            add("video", { src: away });
            add("object", { data: away });
            fetch(away).catch(() => {});
            try { new Worker(URL.createObjectURL(new Blob(["1"]))); } catch {}
            document.head.append(Object.assign(document.createElement("base"), { href: away }));
            add("form", { action: away, id: "sent" });
            document.getElementById("sent").submit();
            const late = document.createElement("script");
            late.textContent = "setTimeout('window.broken = 1', 0)";
            document.body.append(late);
            new FontFace("it", `url(${away})`).load().catch(() => {});
            const until = performance.now() + 10_000;
            while (refused.size < 12 && performance.now() < until) await new Promise((done) => setTimeout(done, 20));
            return [...refused].sort();
        }""")
        expected = ["base-uri", "connect-src", "font-src", "form-action", "frame-src", "img-src", "media-src", "object-src", "script-src", "script-src-elem",
                    "style-src-elem", "worker-src"]
        self.assertEqual([directive for directive in expected if directive not in refused], [])
        self.assertIsNone(page.evaluate("window.broken ?? null"))


if __name__ == "__main__":
    unittest.main()

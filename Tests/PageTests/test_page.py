"""Opens reports in a browser: no error, the right figures, and nothing from a report that runs.

Needs Playwright and a Chromium (CHROMIUM names it). SCREENSHOTS names a folder to keep pictures in.
"""

import os
import pathlib
import tempfile
import unittest

from playwright.sync_api import sync_playwright

import capture
from command import render, render_again

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = os.environ.get("SCREENSHOTS")
HOSTILE = "</script><img src=x onerror=\"window.broken=1\"><!--<script>'\"&amp;\u2028"
NAMES = ["main", "Server.run()", "closure #1 in Server.handle(_:)", "Server.decode<A>(_: A.Type) throws -> A",
         "JSONDecoder.decode(_:from:)", "Server.User.init(from:)", "Swift.Array.append(_:)", "Server.grow()"]


def named(report):
    """Gives the nodes of a report names, as symbols would."""
    for index, node in enumerate(report["callTree"]["nodes"]):
        if "libswiftCore" in node["function"]:
            node.update(function="swift_allocObject", isRuntime=True)
        else:
            node.update(function=NAMES[index % len(NAMES)], file="/src/Server/Handler.swift", line=10 + index)
    return report


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.playwright = cls.enterClassContext(sync_playwright())
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def open(self, directory, width=1280, height=800, scheme="light"):
        """Opens a report's page, and fails at the end of the test if the page complained or asked for anything."""
        page = self.browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        complaints, requests = [], []
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"file://{directory}/report.html")
        page.wait_for_selector("#sizes")
        self.addCleanup(page.close)
        self.addCleanup(lambda: self.assertEqual(complaints, []))
        self.addCleanup(lambda: self.assertEqual([url for url in requests if not url.startswith(("file:", "data:"))], []))
        return page

    def keep(self, page, name):
        """Writes pictures of the first screen and of the whole page."""
        if SCREENSHOTS:
            page.screenshot(path=f"{SCREENSHOTS}/{name}.png")
            page.screenshot(path=f"{SCREENSHOTS}/{name}-whole.png", full_page=True)

    def test_a_server_s_report_shows_its_figures(self):
        render_again(named(render(capture.server(), self.directory)), self.directory)
        page = self.open(self.directory)
        self.assertEqual(page.title(), "server – MemScope")
        self.assertIn("1\u202f500 blocks", page.inner_text("#summary"))
        self.assertIn("Frees of unknown blocks", page.inner_text("#honesty"))
        self.assertIn("Server.User", page.inner_text("#types"))
        self.assertIn("GET /users › decode", page.inner_text("#scopes"))
        self.assertIn("allocations: median 96, 95 % at most 120, largest 144", page.inner_text("#scopes"))
        self.assertIn("GET /users keeps", page.inner_text("#summary .headline"))
        page.click("#tasks summary")
        tasks = page.inner_text("#tasks")
        for text in ("accept loop", "outlived GET /users", "async let", "suspended"):
            self.assertIn(text, tasks)
        self.assertIn("33.3 KiB/s", page.inner_text("#threads"))
        page.click("#threads summary")
        self.assertIn("worker 101", page.inner_text("#threads details"))
        self.assertEqual(page.locator("#timeline svg polyline.live").count(), 1)
        self.keep(page, "server")

    def test_leaks_and_cycles_are_shown(self):
        render_again(named(render(capture.leaking(), self.directory)), self.directory)
        page = self.open(self.directory)
        leaks = page.inner_text("#leaks")
        for text in ("nothing refers to it", "part of a cycle", "0x5200", "1000 B", "stood still for 3.0 ms"):
            self.assertIn(text, leaks)
        cycles = page.inner_text("#cycles")
        for text in ("Server.User.onChange", "capture 0", "[weak self]", "(inferred)", "112 B kept"):
            self.assertIn(text, cycles)
        self.assertIn("3 blocks", page.inner_text("#summary"))
        page.locator("#leaks button", has_text="tree").first.click()
        self.assertEqual(page.locator("#tree .shown").count(), 1)
        self.keep(page, "leaking")

    def test_without_a_search_for_leaks_the_page_says_how_to_ask(self):
        render(capture.server(), self.directory)
        page = self.open(self.directory)
        self.assertIn("MEMSCOPE_LEAKS=1", page.inner_text("#leaks"))

    def test_the_tree_opens_and_folds_runtime_frames(self):
        render_again(named(render(capture.server(), self.directory)), self.directory)
        page = self.open(self.directory)
        second = page.locator("#tree .tree > ul > li").nth(1)
        self.assertEqual(second.locator("ul").count(), 0)
        second.locator("> .node").click()
        self.assertGreater(second.locator("ul").count(), 0)
        self.assertNotIn("swift_allocObject", page.inner_text("#tree"))
        page.locator("#tree input[type=checkbox]").uncheck()
        self.assertIn("swift_allocObject", page.inner_text("#tree"))
        page.locator("#tree select").select_option(label="Allocations")
        self.assertIn("500", page.locator("#tree .amount").first.inner_text())

    def test_a_call_site_leads_to_its_place_in_the_tree(self):
        report = named(render(capture.server(), self.directory))
        render_again(report, self.directory)
        page = self.open(self.directory)
        row = report["callSites"][0]
        page.locator("#sites tbody tr button").first.click()
        shown = page.locator("#tree .shown")
        self.assertEqual(shown.count(), 1)
        self.assertEqual(int(shown.get_attribute("data-node")), row["node"] + 1)

    def test_hostile_names_are_text(self):
        report = named(render(capture.server(HOSTILE.replace("/", "\\")), self.directory))
        for node in report["callTree"]["nodes"]:
            node["function"] = HOSTILE
        for section in ("types", "threads", "scopes", "callSites"):
            for row in report[section]:
                row["function" if section == "callSites" else "name"] = HOSTILE
        report["timeline"]["marks"][0]["name"] = HOSTILE
        report["capture"]["notes"] = [HOSTILE]
        report["process"]["executable"] = "/x/" + HOSTILE.replace("/", "")
        report["notCollected"][HOSTILE] = HOSTILE
        render_again(report, self.directory)
        page = self.open(self.directory)
        self.assertIsNone(page.evaluate("window.broken ?? null"))
        self.assertEqual(page.locator("img").count(), 0)
        for section in ("tree", "types", "threads", "scopes", "sites", "honesty"):
            self.assertIn("</script><img src=x", page.inner_text(f"#{section}"), section)
        self.keep(page, "hostile")

    def test_a_report_without_anything_still_makes_a_page(self):
        render(capture.empty(), self.directory)
        page = self.open(self.directory)
        self.assertIn("There is no stack to show.", page.inner_text("#tree"))
        self.assertIn("0 B", page.inner_text("#summary"))
        self.keep(page, "empty")

    def test_a_phone_needs_no_sideways_scrolling(self):
        render_again(named(render(capture.server(), self.directory)), self.directory)
        page = self.open(self.directory, 390, 844, "dark")
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 390)
        self.keep(page, "phone")

    def test_dark_is_dark(self):
        render_again(named(render(capture.server(), self.directory)), self.directory)
        page = self.open(self.directory, scheme="dark")
        self.assertEqual(page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(18, 22, 29)")
        self.keep(page, "dark")


if __name__ == "__main__":
    unittest.main()

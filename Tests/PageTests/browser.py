"""Opens pages in a browser. Needs Playwright and a Chromium (CHROMIUM names it); SCREENSHOTS names a folder for pictures."""

import os
import pathlib
import tempfile
import unittest

from playwright.sync_api import sync_playwright

import capture
from command import render, render_again
from later_sections import enriched

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = os.environ.get("SCREENSHOTS")
VIEWS = ["verdict", "leaks", "growth", "flame", "timeline", "sites", "types", "ownership", "tasks", "scopes", "threads", "boundaries",
         "inferences", "safety", "memory", "honesty"]
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


class PageCase(unittest.TestCase):
    """A test with a browser. A page that complains, or that asks for anything, fails it."""

    @classmethod
    def setUpClass(cls):
        cls.playwright = cls.enterClassContext(sync_playwright())
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)
        cls.shared = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    @classmethod
    def rendered(cls, name, is_full=False):
        """A directory with the page of a capture that `capture` makes, rendered once for all tests of the class.

        Full: every section has something.
        """
        directory = cls.shared / f"{name}-{is_full}"
        if not directory.exists():
            render_again(named(render(getattr(capture, name)(), directory)), directory)
            page = directory / "report.html"
            if is_full:
                page.write_text(enriched(page.read_text()))
        return directory

    def open(self, directory, width=1280, height=800, scheme="light", view=""):
        """Opens a report's page and waits until it is drawn."""
        page = self.browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
        complaints, requests = [], []
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"file://{directory}/report.html{view}")
        page.wait_for_selector("main[aria-busy=false] section")
        self.addCleanup(page.close)
        self.addCleanup(lambda: self.assertEqual(complaints, []))
        self.addCleanup(lambda: self.assertEqual([url for url in requests if not url.startswith(("file:", "data:", "blob:"))], []))
        return page

    def go(self, page, view):
        """Shows a view, with settings behind a question mark, and returns its text."""
        # The page draws when the browser has told it of the change, and a picture in the frame after.
        page.evaluate("""view => new Promise((done) => {
            const drawn = () => requestAnimationFrame(() => requestAnimationFrame(done));
            if (location.hash === "#" + view) return drawn();
            addEventListener("hashchange", drawn, { once: true });
            location.hash = "#" + view;
        })""", view)
        name = view.split("?")[0]
        page.wait_for_selector(f"main > section#{name}")
        return page.inner_text(f"section#{name}")

    def open_list(self, page):
        """Opens the list behind the flame graph, which is made only once the browser has told that it is open."""
        page.locator("#flame summary").last.click()
        page.wait_for_selector("#flame .tree")

    def keep(self, page, name, whole=False):
        """Writes a picture of what is to be seen."""
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=whole)

"""Opens pages in a browser. Needs Playwright and a Chromium (CHROMIUM names it); SCREENSHOTS names a folder for pictures."""

import atexit
import functools
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


@functools.cache
def chromium():
    """The browser of the whole run."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    atexit.register(browser.close)
    return browser


# Tabs that no test has at the moment: a new one takes longer than most tests. Another document is all that a report's page leaves behind.
_free_tabs = []


def tab():
    """An empty tab of the browser."""
    return _free_tabs.pop() if _free_tabs else chromium().new_page()


def give_back(page):
    """Empties a tab for whoever wants one next."""
    page.context.clear_permissions()
    page.goto("about:blank")
    _free_tabs.append(page)


@functools.cache
def shared():
    """A directory for what all tests of the run look at and none changes."""
    directory = tempfile.TemporaryDirectory()
    atexit.register(directory.cleanup)
    return pathlib.Path(directory.name)


@functools.cache
def rendered(name, is_full=False):
    """A directory with the page of a capture that `capture` makes, rendered once for the whole run: none may change it.

    Full: every section has something.
    """
    directory = shared() / f"{name}-{is_full}"
    render_again(named(render(getattr(capture, name)(), directory)), directory)
    page = directory / "report.html"
    if is_full:
        page.write_text(enriched(page.read_text()))
    return directory


class PageCase(unittest.TestCase):
    """A test with a browser. A page that complains, or that asks for anything, fails it."""

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    rendered = staticmethod(rendered)

    def open(self, directory, width=1280, height=800, scheme="light", view=""):
        """Opens a report's page and waits until it is drawn."""
        page = self.tab(width, height, scheme)
        complaints, requests = [], []
        listeners = {"console": lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
                     "pageerror": lambda error: complaints.append(str(error)), "request": lambda request: requests.append(request.url)}
        for event, listener in listeners.items():
            page.on(event, listener)
            self.addCleanup(page.remove_listener, event, listener)
        self.addCleanup(lambda: self.assertEqual(complaints, []))
        self.addCleanup(lambda: self.assertEqual([url for url in requests if not url.startswith(("file:", "data:", "blob:"))], []))
        page.goto(f"file://{directory}/report.html{view}")
        page.wait_for_selector("main[aria-busy=false] section")
        return page

    def tab(self, width=1280, height=800, scheme="light"):
        """An empty tab for this test, which it gives back when it is over."""
        page = tab()
        self.addCleanup(give_back, page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen", color_scheme=scheme, reduced_motion="reduce")
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

    def open_details(self, page):
        """Opens everything in the view that is closed, and waits for what is made only then."""
        page.evaluate("""async () => {
            const closed = [...document.querySelectorAll("main details:not([open])")];
            const opened = closed.map((each) => new Promise((done) => each.addEventListener("toggle", done, { once: true })));
            closed.forEach((each) => { each.open = true; });
            await Promise.all(opened);
        }""")

    def wide(self, page, parts="html, .scroll"):
        """What of a view would have to be scrolled sideways: the window, and parts of it that scroll by themselves."""
        return page.evaluate("""parts => [...document.querySelectorAll(parts)].filter((each) => each.scrollWidth > each.clientWidth)
            .map((each) => `${each.ariaLabel ?? each.tagName}: ${each.scrollWidth - each.clientWidth} too wide`)""", parts)

    def keep(self, page, name, whole=False):
        """Writes a picture of what is to be seen."""
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=whole)

#!/usr/bin/env python3
"""Makes the pictures of Sources/MemScope/MemScope.docc/ReadingTheDashboard.md.

usage: screenshots.py DIRECTORY [CAPTURE]

Renders the page of a report made by hand, or of a capture, with MEMSCOPE_COMMAND, and writes one small picture a view.
"""

import pathlib
import sys
import tempfile

from playwright.sync_api import sync_playwright

import story
from browser import CHROMIUM
from command import memscope

PICTURES = {"verdict": "verdict", "flame": "flame?metric=liveBytes", "timeline": "timeline", "cycle": "leaks"}


def main():
    target = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        if len(sys.argv) > 2:
            memscope("report", sys.argv[2], "--output", scratch)
        else:
            story.render_page(pathlib.Path(scratch))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 700})
        for name, view in PICTURES.items():
            page.goto(f"file://{scratch}/report.html#{view}")
            page.reload()
            page.wait_for_selector("main[aria-busy=false] section")
            page.wait_for_timeout(300)
            page.screenshot(path=target / f"dashboard-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()

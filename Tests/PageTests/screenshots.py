#!/usr/bin/env python3
"""Makes the pictures of the README and of Sources/MemScope/MemScope.docc/ReadingTheDashboard.md.

usage: screenshots.py DIRECTORY

They show the report that the README's first command leaves: the shop of Tests/Fixtures/Demo, which must have been built, is run once
with MEMSCOPE_COMMAND. DEMO names another executable of it. Each picture must have what the texts beside it speak of.
"""

import os
import pathlib
import sys
import tempfile

from playwright.sync_api import sync_playwright

from browser import CHROMIUM
from command import ROOT, memscope

DEMO = os.environ.get("DEMO", str(ROOT / ".build/release/Demo"))
# By the picture's name: the view, how high the picture is, and what must be on it.
PICTURES = {
    "verdict": ("verdict", 960, [".finding.problem .advice", ".card"]),
    "flame": ("flame?metric=liveBytes", 700, ["canvas", ".legend .await", ".legend .creation"]),
    "timeline": ("timeline", 820, ["svg.timeline polyline.live", "svg.timeline .run"]),
    "cycle": ("leaks", 700, ["svg.cycle-picture .edge.cut"]),
}


def take(page, report, target):
    """Takes all pictures of a report's page into a directory."""
    for name, (view, height, needed) in PICTURES.items():
        page.set_viewport_size({"width": 1100, "height": height})
        page.goto(f"file://{report}/report.html#{view}")
        page.reload()
        page.wait_for_selector("main[aria-busy=false] section")
        for selector in needed:
            if page.locator(selector).count() == 0:
                raise SystemExit(f"the picture {name} has no {selector}")
        # A picture is drawn in the frame after its view.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.screenshot(path=target / f"dashboard-{name}.png")


def main():
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as report, sync_playwright() as playwright:
        memscope("run", "--leaks", "--output", report, "--", DEMO)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take(browser.new_page(reduced_motion="reduce"), report, target)
        browser.close()
    print(f"took {len(PICTURES)} pictures of {DEMO}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What a report's page costs its reader: milliseconds until it can be used, and of script for a frame while panning.

usage: page_cost.py PAGE ROUNDS         one JSON object a line, one line a round

Opens the page in Chromium (CHROMIUM names it) by Playwright. The times are the browser's own: the mark that the page sets
when it is drawn, and the time spent in scripts while the flame graph, enlarged four times, is dragged to and fro.
"""
import json
import os
import sys

from playwright.sync_api import sync_playwright

COUNT_DRAWINGS = """() => {
  window.drawings = 0;
  const { setTransform } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.setTransform = function (...values) { window.drawings += 1; setTransform.apply(this, values); };
}"""


def script_time(session):
    """Milliseconds spent in scripts so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1e3 * next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration")


def measure(browser, path):
    """Opens the page once and uses it."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"file://{os.path.abspath(path)}")
    page.wait_for_selector("main[aria-busy=false] section")
    usable = page.evaluate("performance.getEntriesByName('usable')[0].startTime")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate("location.hash = '#flame'")
    page.wait_for_selector("canvas")
    box = page.locator("canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + 70)
    page.mouse.move(*middle)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -350)
    page.keyboard.up("Control")
    page.wait_for_timeout(200)
    page.evaluate(COUNT_DRAWINGS)
    page.mouse.down()
    before = script_time(session)
    for direction in (-1, 1, -1):
        page.mouse.move(middle[0] + 300 * direction, middle[1], steps=40)
    after = script_time(session)
    drawings = page.evaluate("window.drawings")
    page.mouse.up()
    page.close()
    return {"usable": usable, "frame": (after - before) / max(drawings, 1), "drawings": drawings}


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        for _ in range(int(sys.argv[2])):
            print(json.dumps(measure(browser, sys.argv[1])))
        browser.close()


if __name__ == "__main__":
    sys.exit(main())

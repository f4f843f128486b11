"""The flame graph and the timeline: what is drawn, and what the reader's hands change."""

import json
import unittest

import capture
from browser import PageCase, named
from command import memscope, render
from later_sections import embedded, replaced


class FlameTests(PageCase):
    def full(self, **options):
        """A page in which every section has something."""
        return self.open(self.rendered("leaking", is_full=True), **options)

    def colours(self, page):
        """How many points of the picture have which colour."""
        return page.evaluate("""() => {
            const canvas = document.querySelector("canvas");
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            const seen = {};
            for (let at = 0; at < data.length; at += 4) {
              const key = `${data[at]},${data[at + 1]},${data[at + 2]}`;
              seen[key] = (seen[key] ?? 0) + 1;
            }
            return seen;
        }""")

    def click(self, page, row, part=0.2):
        """Clicks into a row of the picture, at a part of its width."""
        canvas = page.locator("canvas")
        canvas.click(position={"x": canvas.bounding_box()["width"] * part, "y": 20 * row + 10})
        page.wait_for_selector(".details .selected")

    def test_it_is_drawn_with_marks_of_await_and_creation(self):
        page = self.full(view="#flame")
        self.go(page, "flame?metric=liveBytes")
        colours = self.colours(page)
        self.assertGreater(colours.get("106,47,181", 0), 50, "await")
        self.assertGreater(colours.get("11,110,102", 0), 50, "creation")

    def test_a_click_zooms_tells_and_is_kept(self):
        page = self.full()
        self.go(page, "flame")
        self.click(page, 3)
        self.assertIn("at=", page.url)
        for text in ("Copy stack", "Live bytes", "Allocations", "/src/Server/Handler.swift:"):
            self.assertIn(text, page.inner_text(".details"))
        first = page.inner_text(".details strong")
        # What was chosen now has the whole width.
        self.click(page, 3, 0.97)
        self.assertEqual(page.inner_text(".details strong"), first)
        page.get_by_role("button", name="Whole", exact=True).click()
        self.assertNotIn("at=", page.url)

    def test_keys_move_through_it(self):
        page = self.full()
        self.go(page, "flame")
        page.focus("canvas")
        for key in ("ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        self.assertIn("resumes after await", page.inner_text(".details"))
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")
        said = page.locator("#flame [role=status].unseen").inner_text()
        self.assertIn(page.inner_text(".details strong"), said)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        self.assertIn("Choose a frame", page.inner_text(".details"))
        page.keyboard.press("/")
        self.assertEqual(page.evaluate("document.activeElement.type"), "search")
        page.keyboard.type("grow")
        self.assertIn("% of the whole", page.inner_text("#flame"))
        page.keyboard.press("Escape")
        self.assertEqual(page.input_value("#flame input[type=search]"), "")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        self.assertTrue(page.locator("dialog[open]").is_visible())
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.wait_for_selector("section#timeline")

    def test_folding_turning_and_dividing_change_the_picture(self):
        page = self.full()
        self.go(page, "flame")
        self.open_list(page)
        self.assertNotIn("swift_allocObject", page.inner_text("#flame .tree"))
        self.go(page, "flame?unfold=1&inverted=1")
        self.open_list(page)
        self.assertIn("swift_allocObject", page.locator("#flame .tree li > .node").first.inner_text())
        for division, text in [("type", "Server.User"), ("scope", "decode"), ("thread", "worker"), ("task", "accept loop")]:
            self.go(page, f"flame?by={division}")
            self.open_list(page)
            while page.locator("#flame .tree > ul > li[aria-expanded=false] > .node").count() > 0:
                page.locator("#flame .tree > ul > li[aria-expanded=false] > .node").first.click()
            self.assertIn(text, page.inner_text("#flame .tree"), division)

    def test_a_taller_window_shows_more_of_the_picture(self):
        html = (self.rendered("leaking") / "report.html").read_text()
        columns = embedded(html, "tree-data")
        # One stack below the other, so that the picture is taller than a small window.
        columns["parent"] = [max(node - 1, 0) for node in range(len(columns["parent"]))]
        (self.directory / "report.html").write_text(replaced(html, "tree-data", columns))
        page = self.open(self.directory, height=400, view="#flame?unfold=1")
        page.wait_for_selector(".details p")
        self.assertNotIn("0,0,0", self.colours(page))
        page.set_viewport_size({"width": 1280, "height": 1400})
        page.wait_for_function("""() => { const canvas = document.querySelector("canvas");
            const one = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            one.drawImage(canvas, 40, canvas.height - 5, 1, 1, 0, 0, 1, 1);
            const [red, green, blue] = one.getImageData(0, 0, 1, 1).data;
            return canvas.height > 700 && red + green + blue > 0 && red + green + blue < 3 * 255; }""")

    def test_what_is_below_the_picture_does_not_cover_it(self):
        source = "\n".join(f"let line{number} = {number}" for number in range(40))
        html = (self.rendered("leaking") / "report.html").read_text()
        data = [{"file": "/src/Server/Handler.swift", "excerpts": [{"first": 1, "lines": source.split("\n")}]}]
        html = html.replace('<script type="importmap">', '<script type="text/plain" id="sources-data"></script><script type="importmap">')
        (self.directory / "report.html").write_text(replaced(html, "sources-data", data))
        page = self.open(self.directory, height=700, view="#flame?node=20")
        page.wait_for_selector(".details .selected")
        page.evaluate("document.querySelectorAll('.details details').forEach((each) => { each.open = true; })")
        page.locator("canvas").scroll_into_view_if_needed()
        page.evaluate("scrollTo(0, 0)")
        below = page.evaluate("""() => document.querySelector(".details").getBoundingClientRect().top
            - document.querySelector("canvas").getBoundingClientRect().bottom""")
        self.assertGreaterEqual(below, 0)

    def test_what_has_the_focus_keeps_it(self):
        page = self.full()
        self.go(page, "flame")
        page.focus("#flame select")
        page.keyboard.press("ArrowDown")
        page.wait_for_function("() => location.hash.includes('metric=liveBlocks')")
        self.assertEqual(page.evaluate("document.activeElement.tagName"), "SELECT")
        page.get_by_label("inside out").focus()
        page.keyboard.press("Space")
        page.wait_for_function("() => location.hash.includes('inverted=1')")
        self.assertEqual(page.evaluate("document.activeElement.labels[0].textContent.trim()"), "inside out")

    def test_the_stack_can_be_copied(self):
        page = self.full()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.go(page, "flame")
        self.click(page, 4)
        page.get_by_role("button", name="Copy stack").click()
        page.wait_for_selector("text=Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        self.assertEqual(len(copied.splitlines()), 4)
        self.assertTrue(copied.splitlines()[0].startswith("  0  "), copied)
        self.assertIn("[created the task]", copied.splitlines()[-1])
        # From the inside out a caller is chosen; its stack begins with who allocated all the same.
        self.go(page, "flame?inverted=1&unfold=1")
        self.click(page, 3)
        page.get_by_role("button", name="Copy stack").click()
        page.wait_for_selector("text=Copied")
        whole = page.evaluate("navigator.clipboard.readText()").splitlines()
        self.assertEqual(len(whole), 9, whole)
        self.assertIn("swift_allocObject", whole[0])
        self.assertIn(page.inner_text(".details strong"), whole[2])

    def test_sources_are_shown_when_they_were_asked_for(self):
        source = self.directory / "Handler.swift"
        source.write_text("".join(f"let line{number} = {number} // <b>&\n" for number in range(1, 80)))
        report = render(capture.leaking(), self.directory)
        for node in named(report)["callTree"]["nodes"]:
            node["file"] = str(source)
        (self.directory / "edited.json").write_text(json.dumps(report))
        for options in ([], ["--sources"]):
            memscope("report", self.directory / "edited.json", "--output", self.directory, *options)
            page = self.open(self.directory)
            self.go(page, "flame")
            self.click(page, 3)
            page.evaluate("document.querySelectorAll('.selected details').forEach((each) => { each.open = true; })")
            line = int(page.inner_text(".details .place").rsplit(":", 1)[1])
            shown = page.locator(".source .here")
            self.assertEqual(shown.count(), len(options))
            if options:
                self.assertEqual(shown.inner_text().strip(), f"{line}  let line{line} = {line} // <b>&")

    def test_a_stretch_of_time_restricts_the_stacks(self):
        page = self.full()
        self.go(page, "timeline")
        box = page.locator("svg.timeline").bounding_box()
        page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 150)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 150, steps=4)
        page.mouse.up()
        page.wait_for_selector("text=Show what was allocated in it and stayed")
        self.keep(page, "brushed")
        # Whole intervals: the picture, the list below it and the address say the same.
        chosen = [page.locator(f"#timeline select[aria-label={side}]").input_value() for side in ("From", "To")]
        self.assertIn(f"from={chosen[0]}&to={chosen[1]}", page.url)
        self.assertNotIn("0", chosen)
        page.get_by_text("Show all that was allocated in it").click()
        page.wait_for_selector("#flame .notice")
        text = page.inner_text("#flame")
        self.assertIn("Only what happened between", text)
        self.assertIn("Allocated bytes:", text)
        some = page.inner_text(".details p")
        page.get_by_role("button", name="Whole time").click()
        page.wait_for_selector("#flame .notice", state="detached")
        self.assertNotEqual(page.inner_text(".details p"), some)

    def test_a_stretch_of_time_goes_along(self):
        page = self.full(view="#timeline?from=3000000000&to=7000000000")
        chosen = [page.locator(f"#timeline select[aria-label={side}]").input_value() for side in ("From", "To")]
        for view in ("flame", "types", "sites", "growth"):
            page.locator(f"nav a[href='#{view}']").click()
            page.wait_for_selector(f"section#{view}")
            self.assertIn("from=3000000000&to=7000000000", page.url)
            self.assertIn("Only what happened" if view == "types" else "s – " if view != "flame" else "Only what happened", page.inner_text(f"#{view}"))
        self.assertIn("verdicts and their reasons are of the whole run", page.inner_text("#growth"))
        self.go(page, f"sites?from={chosen[0]}&to={chosen[1]}")
        heads = page.locator("#sites th").all_inner_texts()
        self.assertEqual([head.split(" ▾")[0] for head in heads], ["Function", "Stayed", "Blocks that stayed", "Allocated", "Allocations"])
        # The stretch's sites have what its stacks have.
        total = page.evaluate("[...document.querySelectorAll('#sites tbody td:nth-child(5)')].reduce((sum, cell) => sum + Number(cell.innerText.replace(/\\D/g, '')), 0)")
        self.go(page, f"flame?from={chosen[0]}&to={chosen[1]}&metric=allocations")
        self.assertIn(f"Allocations: {total:,}".replace(",", "\u202f"), page.inner_text(".details"))
        page.locator("#flame select").nth(1).select_option("type")
        page.wait_for_selector("#flame .notice .trust")
        self.assertIn("from=", page.url)
        page.keyboard.press("Escape")
        page.locator("nav").click(position={"x": 1, "y": 1})
        page.keyboard.press("n")
        page.wait_for_selector("section#timeline")
        self.assertIn(f"from={chosen[0]}", page.url)
        self.go(page, "types?from=3000000000&to=7000000000")
        page.get_by_role("button", name="Whole time").click()
        page.wait_for_selector("#types .notice", state="detached")
        self.assertNotIn("from=", page.url)
        self.assertNotIn("NaN", self.go(page, "flame?from=abc"))

    def test_what_is_not_known_of_a_division_is_said(self):
        page = self.full(view="#flame?metric=peakBytes")
        page.wait_for_selector(".details p")
        self.click(page, 2)
        page.locator("#flame select").first.select_option("allocations")
        page.wait_for_selector(".details .selected")
        page.locator("#flame select").first.select_option("peakBytes")
        page.locator("#flame select").nth(1).select_option("type")
        page.wait_for_selector("#flame .notice")
        self.assertIn("Bytes at the peak: not known by type. This picture shows live bytes.", page.inner_text("#flame"))
        page.get_by_role("button", name="By call stack").click()
        page.wait_for_selector("#flame .notice", state="detached")
        self.assertIn("Bytes at the peak:", page.inner_text(".details"))
        self.go(page, "flame?by=type&metric=leakedBytes")
        self.assertIn("Leaked bytes: 1.09 KiB", page.inner_text(".details"))
        self.go(page, "flame?by=scope")
        whole = page.inner_text(".details")
        self.go(page, "flame?metric=liveBytes")
        self.assertEqual(whole, page.inner_text(".details"))

    def test_labels_of_marks_do_not_lie_on_each_other(self):
        html = (self.rendered("leaking") / "report.html").read_text()
        path = self.directory / "report.html"
        report = embedded(html, "report-data")
        report["timeline"]["marks"] = [{"time": 100_000_000 * at, "name": f"mark number {at} of the run", "liveBytes": 1, "liveBlocks": 1} for at in range(100)]
        path.write_text(replaced(html, "report-data", report))
        page = self.open(self.directory, view="#timeline")
        page.wait_for_selector("svg .marktext")
        boxes = [text.bounding_box() for text in page.locator("svg .marktext").all()]
        self.assertGreater(len(boxes), 10)
        for index, one in enumerate(boxes):
            for other in boxes[index + 1:]:
                apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                self.assertTrue(apart or abs(one["y"] - other["y"]) >= 10, (one, other))
        self.assertEqual(page.locator("svg line.mark").count(), 100)


if __name__ == "__main__":
    unittest.main()

"""Everybody can use the page: names, roles, contrast, the order of the keys, phones, paper."""

import json
import pathlib
import re
import unittest

from axe_playwright_python.sync_playwright import Axe

from browser import VIEWS, PageCase
from command import ROOT
from later_sections import embedded, replaced

RULES = (pathlib.Path(__file__).parent / "rules.js").read_text()
AXE = Axe()
COLOURS = (ROOT / "Sources/MemScopeDashboard/Page/colours.css").read_text()


def luminance(colour):
    """Of #rgb or #rrggbb, after WCAG."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


class AccessibilityTests(PageCase):
    def full(self, *size, **options):
        """A page in which every section has something."""
        return self.open(self.rendered("leaking", is_full=True), *size, **options)

    def test_the_rules_hold_in_every_view_light_and_dark(self):
        for scheme in ("light", "dark"):
            page = self.full(scheme=scheme)
            for view in [*VIEWS, "flame?at=3", "flame?by=type", "tasks?flat=1", "flame?from=1000000000&to=5000000000"]:
                self.go(page, view)
                self.open_details(page)
                self.assertEqual(page.evaluate(RULES), [], f"{view}, {scheme}")
                self.keep(page, f"{scheme}-{view.replace('?', '-')}")

    def test_axe_finds_nothing(self):
        page = self.full(view="#verdict")
        page.evaluate(AXE.axe_script)
        for view in VIEWS:
            self.go(page, view)
            self.open_details(page)
            self.assertEqual(self.violations(page), [], view)

    def test_axe_notices_what_it_is_for(self):
        page = self.full(view="#sites")
        page.evaluate(AXE.axe_script)
        page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
            '<section aria-label="twice"></section><section aria-label="twice"></section><img>')""")
        self.assertEqual(sorted(name for name, _ in self.violations(page)), ["image-alt", "landmark-unique"])

    def violations(self, page):
        """What axe has to say: each rule that is broken, with the first element that breaks it. Its script must be there.

        Contrast is left to the rules of this directory, which look at both palettes.
        """
        return [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in
                page.evaluate("axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } })")["violations"]]

    def test_the_rules_notice_what_they_are_for(self):
        page = self.full()
        page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
            '<button></button><p style="color: #aaa">faint</p><table><tr><th>a</th></tr></table><i id="main"></i><h6>deep</h6><svg></svg>')""")
        broken = " ".join(page.evaluate(RULES))
        for rule in ("has no name", "contrast 2", "without a caption", "without a scope", "twice the same id", "leaves a level out", "neither"):
            self.assertIn(rule, broken)

    def test_text_on_the_colours_of_pictures_can_be_read(self):
        blocks = re.findall(r"\{([^{}]*--hue-text[^{}]*)\}", COLOURS)
        self.assertEqual(len(blocks), 3)
        for block in blocks:
            colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]+);", block))
            for name, colour in colours.items():
                if re.fullmatch(r"hue-\d|growth-\d|shrink-\d|same", name):
                    self.assertGreaterEqual(contrast(colours["hue-text"], colour), 4.5, name)
            for name in ("await", "creation", "found", "live", "problem", "look", "fine", "accent"):
                self.assertGreaterEqual(contrast(colours[name], colours["surface"]), 3, name)

    def test_dark_is_dark_and_can_be_chosen(self):
        dark, light = "rgb(16, 20, 27)", "rgb(244, 245, 248)"
        background = "getComputedStyle(document.body).backgroundColor"
        page = self.full(scheme="dark")
        self.assertEqual(page.evaluate(background), dark)
        page.get_by_role("button", name="Light / dark").click()
        self.assertEqual(page.evaluate(background), light)
        page = self.full()
        self.assertEqual(page.evaluate(background), light)
        point = """() => {
            const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            context.drawImage(document.querySelector("canvas"), 300, 30, 1, 1, 0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
        self.go(page, "flame")
        before = page.evaluate(point)
        self.go(page, "types")
        page.get_by_role("button", name="Light / dark").click()
        self.assertEqual(page.evaluate(background), dark)
        # Pictures that are drawn later follow, and those that are there.
        self.go(page, "flame")
        after = page.evaluate(point)
        self.assertNotEqual(after, before)
        page.get_by_role("button", name="Light / dark").click()
        page.wait_for_function(f"() => JSON.stringify(({point})()) === '{json.dumps(before, separators=(',', ':'))}'")

    def test_both_dark_palettes_are_the_same(self):
        media, chosen = re.findall(r"\{([^{}]*color-scheme: dark;[^{}]*)\}", COLOURS)
        self.assertEqual(media.split(), chosen.split())

    def test_tab_goes_through_the_page_in_the_order_of_reading(self):
        page = self.full(view="#sites")
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            place = page.evaluate("""() => { const at = document.activeElement;
                if (at === document.body) return null;
                return [at.textContent.trim().slice(0, 30) || at.ariaLabel, at.closest("header, nav, main, a.skip")?.tagName, getComputedStyle(at).outlineStyle]; }""")
            if place is None:
                break
            seen.append(place)
        self.assertEqual(seen[0][0], "To the content")
        parts = [part for _, part, _ in seen]
        self.assertEqual([part for index, part in enumerate(parts) if index == 0 or part != parts[index - 1]], ["A", "HEADER", "NAV", "MAIN"])
        self.assertTrue(all(outline != "none" for _, _, outline in seen), seen)

    def test_the_list_behind_a_picture_is_walked_with_the_keys(self):
        page = self.full(view="#flame")
        self.open_list(page)
        page.locator("#flame [role=treeitem][tabindex='0']").focus()
        before = page.evaluate("document.activeElement.dataset.node")
        page.keyboard.press("ArrowDown")
        self.assertNotEqual(page.evaluate("document.activeElement.dataset.node"), before)
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
        self.assertEqual(page.evaluate("document.activeElement.ariaExpanded"), "false")

    def test_a_phone_needs_no_sideways_scrolling_and_has_no_traps(self):
        page = self.full(390, 844)
        for view in VIEWS:
            self.go(page, view)
            self.assertEqual(self.wide(page, "html"), [], view)
            traps = page.evaluate("""() => [...document.querySelectorAll("*")].filter((element) => /(auto|scroll)/.test(getComputedStyle(element).overflowY)
                && element.scrollHeight > element.clientHeight + 1 && element !== document.documentElement).map((element) => element.className)""")
            self.assertEqual(traps, [], view)
            self.keep(page, f"phone-{view}", whole=True)
            self.open_details(page)
            self.assertEqual(self.wide(page, "html"), [], f"{view}, all open")

    def test_a_small_laptop_needs_no_sideways_scrolling_not_even_of_tables(self):
        page = self.full()
        for view in [*VIEWS, "flame?at=3", "tasks?flat=1", *(f"{view}?from=1000000000&to=5000000000" for view in ("types", "tasks", "scopes", "threads"))]:
            self.go(page, view)
            self.open_details(page)
            self.assertEqual(self.wide(page), [], view)

    def test_paper_has_every_view(self):
        page = self.full()
        # The browser takes what is there when the event has been handled.
        drawn = page.evaluate("""async () => { dispatchEvent(new Event("beforeprint")); await null;
            return ["svg.timeline", "svg.cycle-picture", "canvas[width]", ".findings li"].map((each) => document.querySelectorAll(each).length); }""")
        self.assertEqual(drawn[:3], [1, 1, 1])
        self.assertGreater(drawn[3], 3)
        page.emulate_media(media="print")
        self.assertEqual(page.locator("main > section").count(), len(VIEWS))
        self.assertFalse(page.locator("nav").is_visible())
        self.keep(page, "print", whole=True)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.locator("main > section").count(), 1)

    def test_paper_is_white_though_the_screen_is_dark(self):
        page = self.full(scheme="dark", view="#types")
        dark = page.evaluate("getComputedStyle(document.body).color")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print", color_scheme="dark")
        page.wait_for_selector("#flame canvas[width]")
        text, corner = page.evaluate("""() => { const canvas = document.querySelector("#flame canvas");
            return [getComputedStyle(document.body).color, [...canvas.getContext("2d").getImageData(canvas.width - 20, 8, 1, 1).data]]; }""")
        self.assertEqual(text, "rgb(24, 32, 45)")
        self.assertGreater(min(corner), 200, "the picture, too, is light")
        for view in ("flame", "timeline"):
            self.assertTrue(page.locator(f"#{view} .legend").is_visible(), view)
            self.assertFalse(page.locator(f"#{view} .controls label").first.is_visible(), view)
        page.emulate_media(media="screen", color_scheme="dark")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.evaluate("getComputedStyle(document.body).color"), dark)

    def test_a_long_command_line_is_one_line_and_can_be_read(self):
        html = (self.rendered("server") / "report.html").read_text()
        report = embedded(html, "report-data")
        report["process"]["arguments"] += [f"--option-{number}=/a/long/path/of/some/file" for number in range(60)]
        (self.directory / "report.html").write_text(replaced(html, "report-data", report))
        for width, most in ((1280, 100), (390, 160)):
            page = self.open(self.directory, width)
            self.assertLess(page.locator("header").bounding_box()["height"], most)
            self.assertIn("--option-59=", page.locator("#run .command").get_attribute("title"))
            self.assertIn("ran 12.50 s", page.inner_text("#run"))

    def test_what_fields_are_for_can_be_read(self):
        for scheme in ("light", "dark"):
            page = self.full(scheme=scheme, view="#types")
            hint, behind = page.evaluate("""() => { const field = document.querySelector("input[type=search]");
                return [getComputedStyle(field, "::placeholder").color, getComputedStyle(field).backgroundColor]; }""")
            hexadecimal = ["#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3]) for colour in (hint, behind)]
            self.assertGreaterEqual(contrast(*hexadecimal), 4.5, scheme)


if __name__ == "__main__":
    unittest.main()

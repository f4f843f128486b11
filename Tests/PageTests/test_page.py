"""Each view of the page shows what the report says, without a complaint, and nothing of a report runs."""

import json
import unittest
from urllib.parse import parse_qs

import capture
from browser import VIEWS, PageCase, named
from command import render, render_again
from later_sections import embedded, replaced

HOSTILE = "</script><img src=x onerror=\"window.broken=1\"><!--<script>'\"&amp;\u2028"


class PageTests(PageCase):
    def server(self):
        """A server's page, with names."""
        return self.open(self.rendered("server"))

    def full(self, **options):
        """A page in which every section has something."""
        return self.open(self.rendered("leaking", is_full=True), **options)

    def assertIsWhole(self, text, view):
        """A view that could be drawn, without a word that only a program says."""
        self.assertNotIn("could not be drawn", text, view)
        self.assertNotRegex(text, r"\b(undefined|NaN|null)\b|\[object Object\]", view)

    def test_every_view_opens(self):
        for name in ("server", "leaking", "empty"):
            with self.subTest(name):
                page = self.open(self.rendered(name))
                for view in VIEWS:
                    self.assertIsWhole(self.go(page, view), view)

    def test_every_view_opens_with_everything(self):
        page = self.full()
        for view in VIEWS:
            self.go(page, view)
            self.open_details(page)
            self.assertIsWhole(page.inner_text(f"section#{view}"), view)

    def test_the_verdict_says_what_is_wrong_worst_first(self):
        page = self.full()
        text = page.inner_text("section#verdict")
        self.assertIn("3 problems found.", text)
        for words in ("Server.User and () -> () keep each other alive", "[weak self]", "1 block of no known type leaked",
                      "Server.Session grows without bound"):
            self.assertIn(words, text)
        levels = page.locator(".finding .level").all_inner_texts()
        ranks = [["PROBLEM", "WORTH A LOOK", "NOT KNOWN", "FINE"].index(level.upper()) for level in levels]
        self.assertEqual(ranks, sorted(ranks))
        page.locator(".finding a").last.click()
        page.wait_for_selector("section#honesty")

    def test_every_piece_of_evidence_leads_somewhere(self):
        page = self.full()
        links = [a.get_attribute("href") for a in page.locator(".finding a, a.card").all()]
        self.assertGreater(len(links), 5)
        for href in links:
            self.go(page, href[1:])
            # What the evidence asks for is still asked for when it is shown, and can be seen and undone.
            kept = page.evaluate("location.hash").partition("?")
            view, _, settings = href.partition("?")
            self.assertEqual(kept[0], view)
            self.assertEqual({**parse_qs(kept[2]), **parse_qs(settings)}, parse_qs(kept[2]), href)
            for key, (value,) in parse_qs(settings).items():
                if key.endswith("-filter"):
                    self.assertEqual(page.locator("main input[type=search]").first.input_value(), value, href)
                    self.assertGreater(page.locator("main tbody tr").count(), 0, href)

    def test_what_the_address_asks_of_a_table_is_seen_and_kept(self):
        page = self.full(view="#leaks?leaks-filter=untyped&leaks-sort=blocks")
        field = page.locator("#leaks input[type=search]").first
        self.assertEqual((field.input_value(), page.locator("#leaks .state").first.inner_text()), ("untyped", "1 of 3 rows"))
        self.assertIn("leaks-filter=untyped&leaks-sort=blocks", page.url)
        page.locator("#leaks .chooser button").first.click()
        self.assertIn("leaks-filter=untyped&leaks-sort=blocks&cycle=0", page.url)
        field.fill("")
        self.assertEqual(page.locator("#leaks table").first.locator("tbody tr").count(), 3)
        self.go(page, "scopes")
        page.get_by_role("button", name="GET /users › decode").click()
        self.assertIn("scope=GET+%2Fusers+%E2%80%BA+decode", page.url)

    def test_what_a_cycle_keeps_is_a_tree_with_the_properties_that_lead_there(self):
        page = self.open(self.rendered("keeping"), view="#leaks")
        tree = page.get_by_role("tree", name="What these cycles keep")
        rows = tree.get_by_role("treeitem").locator("> .node .label").all_inner_texts()
        self.assertEqual([" ".join(row.split()) for row in rows], [
            "Server.User ⇄ () -> () 1 cycle", "Swift._ContiguousArrayStorage<Swift.String> 1 ×, by Server.User.friends",
            "untyped 15 ×, by .element",
            "Server.User 5 ×, by .element"])
        self.assertEqual(tree.locator(".amount").all_inner_texts(), ["2.20 KiB", "2.09 KiB", "1.46 KiB", "320 B"])
        whole = page.get_by_role("tree", name="What leaked, by what keeps it")
        self.assertEqual(whole.locator("> li > .node .amount").all_inner_texts(), ["2.20 KiB", "1000 B"])
        held = page.locator("#leaks table tr", has_text="held by a leak").filter(has_text="Server.User").filter(has=page.locator("details"))
        held.locator("summary").first.click()
        self.assertIn("Server.User.friends", held.locator("ol").first.inner_text())

    def test_a_server_s_figures(self):
        page = self.server()
        self.assertEqual(page.title(), "server – MemScope")
        self.assertIn("1\u202f500 blocks", page.inner_text("#verdict"))
        self.assertIn("GET /users keeps", page.inner_text("#verdict .headline"))
        self.assertIn("Frees of unknown blocks", self.go(page, "honesty"))
        self.assertIn("Server.User", self.go(page, "types"))
        self.assertIn("33.3 KiB/s", self.go(page, "threads"))
        self.assertIn("worker 101", page.inner_text("#threads"))
        scopes = self.go(page, "scopes?scope=GET+%2Fusers+%E2%80%BA+decode")
        for text in ("GET /users › decode", "No run has ended"):
            self.assertIn(text, scopes)
        self.assertIn("median 96 ", self.go(page, "scopes").replace("96,", "96 "))
        tasks = self.go(page, "tasks")
        for text in ("accept loop", "outlived GET /users", "async let", "suspended", "running"):
            self.assertIn(text, tasks)
        self.go(page, "timeline")
        self.assertEqual(page.locator("#timeline svg polyline.live").count(), 1)
        self.assertIn("peak 693 KiB", page.inner_text("#timeline"))

    def test_without_a_search_for_leaks_the_page_says_how_to_ask(self):
        page = self.server()
        self.assertIn("Whether anything leaked is not known", page.inner_text("#verdict"))
        self.assertIn("MEMSCOPE_LEAKS=1", self.go(page, "leaks"))

    def test_leaks_and_cycles(self):
        page = self.open(self.rendered("leaking"))
        text = self.go(page, "leaks")
        for words in ("nothing refers to it", "part of a cycle", "0x5200", "1000 B", "stood still for 3.0 ms", "[weak self]", "inferred",
                      "keeps 112 B", ".onChange", ".capture 0"):
            self.assertIn(words, text)
        self.assertEqual(page.locator("svg .edge.cut").count(), 1)
        self.assertIn("Retain cycle: Server.User.onChange refers to () -> ()", page.locator("svg.cycle-picture").get_attribute("aria-label"))
        page.locator("#leaks td a").first.click()
        page.wait_for_selector("#flame .selected")
        self.assertEqual(page.locator("#flame select").first.input_value(), "leakedBytes")

    def test_what_is_dead_and_not_freed_is_shown(self):
        page = self.open(self.rendered("dying"))
        self.assertIn("1 object is dead and not freed", page.inner_text("#verdict"))
        text = self.go(page, "leaks")
        for words in ("Nothing leaked", "1 object of 64 B is dead and not freed", "Server.User", "kept by unowned references", "0x5000"):
            self.assertIn(words, text)

    def test_what_later_versions_know(self):
        page = self.full()
        expected = {
            "ownership": ["session of anna", "5 referrers", "Names that the program gave", "Server.Router.cache → Server.Cache.sessions", "contended", "storm", "97 % seen"],
            "growth": ["grows without bound", "inferred, 90 % sure", "It stopped growing", "+46.9 KiB"],
            "boundaries": ["libcurl.so", "never freed"], "inferences": ["copies on write", "An array is copied in each of 900 calls."],
            "types": ["+500 B", "−300 B", "under 8 s", "Its buffers", "64 B", "a global of server at 0x19000"], "tasks": ["4.00 KiB", "8.00 KiB"], "scopes": ["8.00 KiB"],
            "leaks": ["2 new, 1 known already, 0 gone", "GET /users > decode", "New", "It is new.", "has to be cut as well", ".onOpen",
                      "Capture it weakly there, too."],
        }
        for view, texts in expected.items():
            shown = self.go(page, view)
            for text in texts:
                self.assertIn(text, shown, view)
        self.go(page, "ownership")
        page.locator("#ownership summary", has_text="5 referrers").click()
        self.assertIn("Server.handle(_:) (Server.swift:30), on the stack of worker 101", page.inner_text("#ownership"))
        self.go(page, "leaks")
        page.locator("#leaks summary").first.click()
        for text in ("taken in User.watch()", "closure #1 in User.watch() User.swift:23"):
            self.assertIn(text, page.inner_text("#leaks"))

    def test_the_way_to_an_object_names_the_fields_of_their_owners(self):
        page = self.full(view="#types")
        self.open_details(page)
        steps = page.locator("#types td ol").first.locator("li").all_inner_texts()
        self.assertEqual(steps, ["Server.Cache.sessions (cache of all)", "2 steps left out", "Server.Session"])

    def test_hostile_names_are_text(self):
        report = named(render(capture.leaking(), self.directory))
        for node in report["callTree"]["nodes"]:
            node["function"] = HOSTILE
        for section, key in [("types", "name"), ("threads", "name"), ("scopes", "name"), ("callSites", "function"), ("tasks", "name"),
                             ("taskSites", "function")]:
            for row in report[section]:
                row[key] = HOSTILE
        for member in report["cycles"][0]["members"]:
            member["type"] = HOSTILE
        report["cycles"][0]["suggestion"] = HOSTILE
        report["timeline"]["marks"][0]["name"] = HOSTILE
        report["capture"]["notes"] = [HOSTILE]
        report["process"]["executable"] = "/x/" + HOSTILE.replace("/", "")
        report["notCollected"][HOSTILE] = HOSTILE
        report["summary"]["headline"] = HOSTILE
        render_again(report, self.directory)
        page = self.open(self.directory)
        for view in VIEWS:
            text = self.go(page, view)
            if view in ("verdict", "leaks", "sites", "types", "tasks", "scopes", "threads", "honesty"):
                self.assertIn("<img src=x", text, view)
            self.assertEqual(page.locator("img").count(), 0)
        self.go(page, "flame?at=1")
        self.open_list(page)
        self.assertIn("</script><img src=x", page.inner_text("#flame .tree"))
        self.assertIn("</script><img src=x", page.inner_text("#flame .selected"))
        self.assertIsNone(page.evaluate("window.broken ?? null"))

    def test_tables_sort_filter_and_give_themselves_away(self):
        page = self.server()
        self.go(page, "sites")
        column = lambda: page.locator("#sites tbody td:nth-child(4)").all_inner_texts()
        page.locator("#sites th button", has_text="Allocated").click()
        largest = column()
        page.locator("#sites th button", has_text="Allocated").click()
        self.assertEqual(column(), largest[::-1])
        self.assertNotEqual(column(), largest)
        self.assertIn("sites-sort=-allocatedBytes", page.url)
        with page.expect_download() as download:
            page.get_by_role("button", name="Export CSV").click()
        lines = download.value.path().read_bytes().decode().split("\r\n")
        self.assertTrue(lines[0].startswith("Function,File,Line,Module,Live,"))
        self.assertEqual(len(lines), len(largest) + 2)
        self.assertIn("server+0x170,,,server,", lines[1])
        names = lambda: page.locator("#sites tbody .function").all_inner_texts()
        page.locator("#sites th button", has_text="Function").click()
        first = names()
        self.assertEqual(first, [f"server+0x{offset}" for offset in ("1f0", "2f0", "170", "270", "370")], "1 and 2 before 170")
        self.assertIn("sites-sort=function", page.url)
        page.locator("#sites th button", has_text="Function").click()
        self.assertEqual(names()[0], first[-1])
        self.assertEqual(page.locator("#sites th[aria-sort]").get_attribute("aria-sort"), "descending")
        self.go(page, "types")
        before = page.locator("#types table").first.locator("tbody tr").count()
        self.go(page, "types?types-filter=user")
        after = page.locator("#types table").first.locator("tbody tr").count()
        self.assertLess(after, before)

    def test_a_link_shows_the_same_again(self):
        page = self.full()
        self.go(page, "flame?metric=allocations&search=grow&at=3")
        again = self.full(view=page.url[page.url.index("#"):])
        self.assertEqual(again.locator("#flame select").first.input_value(), "allocations")
        self.assertEqual(again.locator("#flame input[type=search]").input_value(), "grow")
        self.assertEqual(again.inner_text("#flame .selected .heading"), page.inner_text("#flame .selected .heading"))
        self.assertEqual(parse_qs(page.url.split("?")[1]), parse_qs(again.url.split("?")[1]))

    def test_a_part_that_cannot_be_drawn_does_not_hide_the_rest(self):
        html = (self.rendered("server") / "report.html").read_text()
        path = self.directory / "report.html"
        report = json.loads(json.dumps(embedded(html, "report-data")))
        report["ownership"] = {"objects": 1, "shared": [{"referrers": 5}]}
        path.write_text(replaced(html, "report-data", report))
        page = self.tab()
        page.goto(f"file://{path}#ownership")
        page.wait_for_selector("#ownership .notice")
        self.assertIn("could not be drawn", page.inner_text("#ownership"))
        page.evaluate("location.hash = '#types'")
        page.wait_for_selector("#types table")


if __name__ == "__main__":
    unittest.main()

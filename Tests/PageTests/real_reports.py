"""The page of real programs: every view opens without a complaint, and says what is known of that program.

Not found by discovery: `Tests/MainJob/run.sh` runs most of the programs and keeps their reports in REPORTS (.build/reports), of swift-format,
of a server that answers requests, and of the shop of Tests/Fixtures/Demo, which leaks. The others are run here: one that does nothing, and
hostile.c, whose names are made to break a page and which keeps a million blocks if asked to.
"""

import json
import os
import pathlib
import subprocess
import unittest

from browser import VIEWS, PageCase, shared
from command import ROOT, memscope

REPORTS = pathlib.Path(os.environ.get("REPORTS", ROOT / ".build/reports"))
# No file's name may have a slash; functions and arguments may.
PROGRAM = "<img src=x onerror=window.broken=1>"
FUNCTION = "</script><img src=x onerror=\"window.broken=1\"><!--A"
ARGUMENT = "</script><script>window.broken=1</script>"


class RealReports(PageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hostile = shared() / PROGRAM
        subprocess.run([os.environ.get("CC", "clang"), "-D_GNU_SOURCE", "-std=gnu2x", "-O1", "-fno-builtin", "-g", "-Wall", "-Wextra", "-Werror",
                        pathlib.Path(__file__).parent / "hostile.c", "-o", cls.hostile, "-lpthread"], check=True)

    def run_program(self, *command, options=()):
        """Runs a program under `memscope run` and opens its page."""
        memscope("run", *options, "--output", self.directory, "--", *command)
        return self.open(self.directory)

    def kept(self, name):
        """The page of a report that is there."""
        self.assertTrue((REPORTS / name / "report.html").exists(), f"no report of {name} in {REPORTS}: Tests/MainJob/run.sh leaves it there")
        return self.open(REPORTS / name)

    def texts(self, page, name):
        """The text of every view, each of which opens."""
        texts = {view: self.go(page, view) for view in VIEWS}
        for view, text in texts.items():
            self.assertNotIn("could not be drawn", text, f"{name}, {view}")
            self.assertGreater(len(text), 20, f"{name}, {view}")
            self.assertNotRegex(text, r"\b(undefined|NaN|null)\b|\[object Object\]", f"{name}, {view}")
        for view in ("verdict", "flame"):
            self.go(page, view)
            self.keep(page, f"real-{name}-{view}")
        return texts

    def test_a_formatter(self):
        texts = self.texts(self.kept("swift-format"), "swift-format")
        self.assertIn("SwiftSyntax.", texts["types"])
        self.assertIn("swift-format", texts["honesty"])

    def test_a_server(self):
        texts = self.texts(self.kept("server"), "server")
        self.assertIn("All tasks, by the place that created them", texts["tasks"])
        self.assertRegex(texts["threads"], "freed by another thread|freed by the thread that allocated it")

    def test_a_shop_that_leaks(self):
        page = self.kept("demo")
        texts = self.texts(page, "demo")
        self.assertRegex(texts["verdict"], r"(Demo\.Session and closure context .*|closure context \(Demo\.Session.* and Demo\.Session) keep each other alive")
        self.assertIn("[weak self]", texts["verdict"])
        self.assertIn("Shop.place(_:) grows without bound", texts["verdict"])
        # What libdispatch keeps is no problem of the program.
        self.assertRegex(texts["verdict"], r"\d problems found\.")
        self.assertNotIn("_dispatch_", " ".join(page.locator(".finding.problem").all_inner_texts()))
        self.assertIn("closed", texts["leaks"])

    def test_a_program_that_does_nothing(self):
        page = self.run_program("/bin/true", options=["--leaks"])
        texts = self.texts(page, "true")
        self.assertIn("found", texts["verdict"])
        self.assertIn("true", texts["honesty"])

    def test_a_million_blocks(self):
        page = self.run_program(self.hostile, "1000000", options=["--leaks", "--ownership-graph"])
        texts = self.texts(page, "million")
        report = json.loads((self.directory / "report.json").read_text())
        self.assertGreater(report["summary"]["liveBlocks"], 1_000_000)
        self.assertIn("1\u202f000\u202f00", texts["verdict"])
        self.assertIn("41.0 MiB", self.go(page, "flame"))

    def test_names_that_would_break_a_page(self):
        page = self.run_program(self.hostile, "0", ARGUMENT, options=["--leaks"])
        texts = self.texts(page, "hostile")
        self.assertEqual(page.title(), f"{PROGRAM} – MemScope")
        self.assertIn(ARGUMENT, page.inner_text("header"))
        self.assertIn(FUNCTION, texts["sites"])
        self.assertIn(FUNCTION, texts["leaks"])
        self.assertIn("<img src=x oner", texts["threads"])
        self.assertEqual(page.locator("img, iframe, main script").count(), 0)
        self.assertIsNone(page.evaluate("window.broken ?? null"))


if __name__ == "__main__":
    unittest.main()

"""`memscope view`: the page in a browser, or its path."""

import os
import pathlib
import subprocess
import tempfile
import time
import unittest

import capture
from command import COMMAND, render


class ViewTests(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()

    def view(self, *arguments, **environment):
        """Runs the command on a machine with nothing but this environment."""
        return subprocess.run([COMMAND, "view", *map(str, arguments)], capture_output=True, text=True, cwd=self.directory,
                              env={"PATH": os.environ["PATH"], **environment})

    def test_without_a_browser_it_prints_the_path(self):
        render(capture.server(), self.directory / "memscope-report")
        page = self.directory / "memscope-report/report.html"
        for arguments in ([], ["memscope-report"], ["memscope-report/report.html"], ["memscope-report/report.json"]):
            done = self.view(*arguments)
            self.assertEqual((done.returncode, done.stdout), (0, f"{page}\n"), done.stderr)

    def test_the_browser_gets_the_page(self):
        render(capture.server(), self.directory / "report")
        browser = self.directory / "browser"
        browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {self.directory}/seen.part\nmv {self.directory}/seen.part {self.directory}/seen\n')
        browser.chmod(0o755)
        done = self.view("report", BROWSER=f"/no/such/program:{browser}")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        seen = self.directory / "seen"
        until = time.monotonic() + 60
        while not seen.exists() and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(seen.read_text(), str(self.directory / "report/report.html"))

    def test_a_report_without_a_page_gets_one(self):
        render(capture.server(), self.directory / "report")
        page = self.directory / "report/report.html"
        for argument in ("report", "report/report.json", "report/capture"):
            page.unlink(missing_ok=True)
            self.assertEqual(self.view(argument).stdout, f"{page}\n")
            self.assertIn("report-data", page.read_text())

    def test_what_is_not_there_is_said(self):
        done = self.view("nowhere")
        self.assertGreater(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        (self.directory / "empty").mkdir()
        done = self.view("empty")
        self.assertIn("name a directory that memscope run or memscope report wrote to", done.stderr)


if __name__ == "__main__":
    unittest.main()

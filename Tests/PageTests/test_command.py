"""What the command does with what people give it: one line and a failing status, never a crash."""

import json
import os
import pathlib
import random
import resource
import subprocess
import tempfile
import unittest

import capture
from command import COMMAND, memscope, render


class CommandTests(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def refused(self, *arguments, says):
        """Runs the command, which must fail with a message that fits on one line."""
        done = memscope(*arguments, check=False)
        self.assertGreater(done.returncode, 0, done)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def file(self, name, content):
        """Writes a file and returns its path."""
        path = self.directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def one_line(self, message):
        """Checks that a message is one line."""
        self.assertEqual(len(message.strip().splitlines()), 1, message)

    def test_leaks_are_printed_and_make_the_status(self):
        done = memscope("leaks", self.file("leaking", capture.leaking().bytes()), check=False)
        self.assertEqual(done.returncode, 1)
        for text in ("3 blocks of 1112 bytes leaked.", "definite: 1 × untyped", "Server.User.onChange -> () -> ()", "[weak self]"):
            self.assertIn(text, done.stdout)
        done = memscope("leaks", self.file("server", capture.server().bytes()), check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("MEMSCOPE_LEAKS=1", done.stdout)

    def test_leaks_say_what_is_new_and_what_else_holds(self):
        report = render(capture.leaking(), self.directory)
        self.assertIsNone(report["leaks"]["groups"][0]["newBlocks"])
        report["leaks"]["groups"][0]["newBlocks"] = 1
        cycle = report["cycles"][0]
        cycle.update(newInstances=1, further=[{
            "members": cycle["members"], "edges": [dict(edge, field="onOpen") for edge in cycle["edges"]], "suggestedEdge": 0,
            "suggestion": "Do it there, too."}])
        done = memscope("leaks", self.file("edited.json", json.dumps(report)), check=False)
        for text in ("definite: 1 (1 new) × untyped", "cycle: 1 × ", "Cycle 1: 1 (1 new) of 2 objects", "has to be cut as well:",
                     "Server.User.onOpen -> () -> ()", "  Do it there, too."):
            self.assertIn(text, done.stdout)

    def test_what_is_dead_is_listed_and_no_leak(self):
        done = memscope("leaks", self.file("dying", capture.dying().bytes()))
        self.assertEqual(done.stdout.splitlines()[:2], ["Nothing leaked.", "1 object of 64 bytes is dead and not freed."])
        self.assertIn("dead: 1 × Server.User, 64 bytes", done.stdout)

    def test_suppressions(self):
        leaking = self.file("leaking", capture.leaking().bytes())
        done = memscope("leaks", "--suppressions", self.file("all", "# known\nleak:server\n"), leaking)
        self.assertIn("Nothing leaked.", done.stdout)
        self.one_line(self.refused("leaks", "--suppressions", self.file("bad", "race:x\n"), leaking, says="line 1 is no suppression"))
        self.one_line(self.refused("leaks", "--suppressions", self.directory / "none", leaking, says="not a readable file"))

    def test_why_a_block_lives(self):
        living = self.file("living", capture.living().bytes())
        done = memscope("why", living, "User")
        for text in ("1 block of 64 bytes; it alone keeps 64 bytes", "a global of /srv/server at 0x19000", ".element 1 0x5000",
                     "-> Server.User 0x5100"):
            self.assertIn(text, done.stdout)
        self.assertEqual(memscope("why", living, "0x5120").stdout, done.stdout)
        self.assertIn("Nothing leads to it: leaked.", memscope("why", living, "0x5200").stdout)
        self.assertEqual(memscope("why", living, "Nobody", check=False).returncode, 1)
        server = self.file("server", capture.server().bytes())
        self.one_line(self.refused("why", server, "User", says="without the graph of live blocks"))

    def test_why_takes_the_report_of_a_capture_that_lies_beside_it(self):
        living = self.file("capture.memscope", capture.living().bytes())
        memscope("report", living, "--output", self.directory)
        expected = memscope("why", living, "User").stdout
        report = self.directory / "report.json"
        self.assertEqual(memscope("why", report, "User").stdout, expected)
        self.assertEqual(memscope("why", self.directory, "User").stdout, expected)
        other = json.loads(report.read_text())
        other["process"]["pid"] += 1
        self.file("report.json", json.dumps(other))
        self.one_line(self.refused("why", report, "User", says="is not what it was rendered from"))
        living.unlink()
        self.one_line(self.refused("why", report, "User", says="the capture that it was rendered from is not beside it"))
        self.one_line(self.refused("why", self.file("odd", "{}"), "User", says="neither a capture nor"))
        self.one_line(self.refused("why", self.directory / "none", "User", says="No such file"))

    def test_a_selection_that_nothing_is_known_of(self):
        living = self.file("living", capture.living().bytes())
        for selection, says in (("User", ""), ("Usre", "No type with Usre in its name"), ("scope:x", "no scope called x")):
            done = memscope("report", "--ownership", selection, "--output", self.directory / "o", living)
            self.assertIn(says, done.stderr)
            self.assertEqual(bool(says), bool(done.stderr), done.stderr)
            report = json.loads((self.directory / "o" / "report.json").read_text())
            self.assertEqual(done.stderr.strip(), "memscope: " + report["notCollected"]["ownership"] if says else "")
        done = memscope("report", "--ownership", "User", "--output", self.directory / "p", self.directory / "o" / "report.json")
        self.assertIn("give the capture", done.stderr)
        server = self.file("server", capture.server().bytes())
        self.assertIn("were not captured", memscope("report", "--ownership", "User", "--output", self.directory / "o", server).stderr)

    def test_a_missing_file(self):
        self.one_line(self.refused("report", self.directory / "none", says="there is no such file"))

    def test_a_directory_instead_of_a_file(self):
        self.one_line(self.refused("report", self.directory, says="cannot read"))

    def test_neither_a_capture_nor_a_report(self):
        for content in (b"", b"hello", b"{}", b"[1]", b"\xff\xfe\x00", b"{" * 100_000):
            self.one_line(self.refused("report", self.file("odd", content), says="neither a capture nor"))

    def test_newer_files(self):
        newer = self.file("newer.json", json.dumps({"schemaVersion": 2}))
        self.one_line(self.refused("report", newer, says="update MemScope"))
        self.one_line(self.refused("report", self.file("newer", capture.server().bytes(version=9)), says="version 9"))

    def test_unfinished_and_cut_captures(self):
        self.one_line(self.refused("report", self.file("c", capture.server().bytes(whole=0)), says="did not finish"))
        self.one_line(self.refused("report", self.file("c", capture.server().bytes()[:5000]), says="should have"))

    def test_damaged_captures_never_crash(self):
        generator = random.Random(1)
        whole = capture.server().bytes()
        for _ in range(40):
            damaged = bytearray(whole)
            for _ in range(4):
                damaged[generator.randrange(len(damaged))] = generator.randrange(256)
            done = memscope("report", self.file("c", bytes(damaged)), "--output", self.directory / "o", check=False)
            self.assertGreaterEqual(done.returncode, 0, done.stderr)

    def test_damaged_reports(self):
        report = render(capture.server(), self.directory)
        changes = {
            "has 99999 as its parent": lambda r: r["callTree"]["nodes"][3].update(parent=99999),
            "has 4 as its parent": lambda r: r["callTree"]["nodes"][4].update(parent=4),
            "points at call tree node": lambda r: r["callSites"][0].update(node=10**6),
            "liveBytes is missing": lambda r: r["summary"].pop("liveBytes"),
            "callTree.nodes.0.line": lambda r: r["callTree"]["nodes"][0].update(line="3"),
            "scope 1 has": lambda r: r["scopes"][1].update(parent=1),
        }
        for says, change in changes.items():
            changed = json.loads(json.dumps(report))
            change(changed)
            for command in (["report", "--output", self.directory / "o"], ["export", "--format", "collapsed"]):
                message = self.refused(*command, self.file("r.json", json.dumps(changed)), says=says)
                self.one_line(message)
        self.one_line(self.refused("report", self.file("r.json", json.dumps(report)[:-30]), says="neither a capture"))

    def test_an_output_that_cannot_be_written(self):
        file = self.file("c", capture.server().bytes())
        self.one_line(self.refused("report", file, "--output", file / "x", says="cannot write"))
        self.one_line(self.refused("export", "-f", "json", file, "--output", "/nowhere/x", says="cannot write"))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "export", "-f", "json", file], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)

    def test_a_disk_that_fills_up_leaves_the_old_report(self):
        render(capture.server(), self.directory)
        before = {path.name: path.read_bytes() for path in self.directory.iterdir()}
        # A file may not grow beyond this; the command sees the error that it would see on a full disk, or one like it.
        done = subprocess.run(
            [COMMAND, "report", self.directory / "capture", "--output", self.directory], capture_output=True, text=True,
            restore_signals=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
        self.assertEqual(done.returncode, 1)
        self.one_line(done.stderr)
        self.assertIn("report.json", done.stderr)
        self.assertEqual({path.name: path.read_bytes() for path in self.directory.iterdir()}, before)

    def test_options_that_do_not_exist_or_do_not_fit(self):
        file = self.file("c", capture.server().bytes())
        self.refused("report", file, "--sideways", says="Unknown option '--sideways'")
        self.refused("export", file, says="Missing expected argument '--format")
        self.refused("export", "-f", "pdf", file, says="pdf")
        self.refused("export", "-f", "json", "-m", "allocations", file, says="--metric goes with")
        self.refused("export", "-f", "collapsed", "-m", "colour", file, says="colour")

    def test_exports_agree_with_the_report(self):
        report = render(capture.server(), self.directory)
        file = self.directory / "capture"
        self.assertEqual(json.loads(memscope("export", "-f", "json", file).stdout), report)
        for metric, key in [("live-bytes", "liveBytes"), ("allocations", "allocations"), ("peak-bytes", "peakBytes"),
                            ("temporaries", "temporaries")]:
            for source in (file, self.directory / "report.json"):
                lines = memscope("export", "-f", "collapsed", "-m", metric, source).stdout.splitlines()
                total = sum(int(line.rsplit(" ", 1)[1]) for line in lines)
                self.assertEqual(total, report["callTree"]["total"][key])
                self.assertTrue(all(len(line.split(";")) == 9 for line in lines))
        memscope("export", "-f", "html", file, "-o", self.directory / "page.html")
        self.assertEqual((self.directory / "page.html").read_bytes(), (self.directory / "report.html").read_bytes())

    def test_a_reader_that_leaves_early_is_no_fault(self):
        file = self.file("c", capture.server().bytes())
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([COMMAND, "export", "-f", "html", file], stdout=write, stderr=subprocess.PIPE)
        os.close(write)
        self.assertNotEqual(done.returncode, 0)
        self.assertLessEqual(len(done.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()

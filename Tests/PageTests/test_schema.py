"""Reports made by the command follow Docs/report.schema.json, and the schema is strict enough to notice when not."""

import json
import pathlib
import tempfile
import unittest

import jsonschema

import capture
from command import ROOT, render, render_again

SCHEMA = json.loads((ROOT / "Docs/report.schema.json").read_text())
PROMISED = """schemaVersion process capture summary callTree types threads tasks scopes leaks cycles ownership
retainLedger boundaries inferences growth timeline peak temporaries memory safety notCollected""".split()


class SchemaTests(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.validator = jsonschema.Draft202012Validator(SCHEMA)

    def test_the_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_reports_follow_the_schema(self):
        for name, made in [("server", capture.server()), ("empty", capture.empty()), ("leaking", capture.leaking()),
                           ("growing", capture.growing()), ("lending", capture.lending())]:
            with self.subTest(name):
                report = render(made, self.directory / name)
                self.assertEqual([error.message for error in self.validator.iter_errors(report)], [])
                for key in PROMISED:
                    self.assertIn(key, report)

    def test_what_changed_hands_is_rows(self):
        rows = render(capture.lending(), self.directory / "lending")["boundaries"]
        self.assertEqual(
            [(row["allocatedIn"], row["freedIn"], row["blocks"], row["bytes"]) for row in rows],
            [("server", None, 40, 2_560), ("server", "libswiftCore.so", 30, 1_920)])

    def test_rendering_again_changes_nothing(self):
        report = render(capture.growing(), self.directory)
        self.assertEqual(render_again(report, self.directory / "again"), report)

    def test_the_schema_refuses_what_is_not_promised(self):
        report = render(capture.growing(), self.directory)
        for change in [
            lambda r: r.pop("leaks"), lambda r: r.update(extra=1), lambda r: r["summary"].pop("liveBytes"),
            lambda r: r["growth"][0].update(verdict="fine"), lambda r: r["growth"][0].update(accuracy="exact"),
            lambda r: r["timeline"]["intervals"][0]["changes"][0].append(1), lambda r: r["timeline"]["intervals"][0].pop("mark"),
            lambda r: r["timeline"]["scopeRuns"][0].pop("hasEnded"), lambda r: r["timeline"]["snapshots"][0].update(time=-1),
            lambda r: r["callTree"]["nodes"][0].update(kind="other"), lambda r: r["types"][0].update(accuracy="sure"),
        ]:
            changed = json.loads(json.dumps(report))
            change(changed)
            self.assertFalse(self.validator.is_valid(changed))

    def test_what_happened_at_instants_is_rows(self):
        timeline = render(capture.server(), self.directory)["timeline"]
        self.assertEqual((len(timeline["scopeRuns"]), timeline["scopeRunsRecorded"]), (19, 60))
        self.assertEqual(timeline["scopeRuns"][1], {
            "scope": 1, "begin": 1_100_000_000, "end": 1_500_000_000, "hasEnded": True, "allocations": 60,
            "allocatedBytes": 4_000, "retainedBytes": 0})
        self.assertEqual([row["allocations"] for row in timeline["scopeRuns"] if not row["hasEnded"]], [None])
        self.assertEqual([(row["reason"], row["hasLeakSearch"]) for row in timeline["snapshots"]], [("period", False), ("exit", True)])
        self.assertEqual(timeline["snapshotsRecorded"], 2)

    def test_the_figures_are_the_capture_s(self):
        report = render(capture.server(), self.directory)
        self.assertEqual(report["summary"]["allocations"], 1500)
        self.assertEqual(report["summary"]["liveBlocks"], 600)
        self.assertEqual(report["callTree"]["total"]["allocations"], 1500)
        tops = [node for node in report["callTree"]["nodes"] if node["parent"] == -1]
        self.assertEqual(sum(node["allocations"] for node in tops), 1500)
        self.assertEqual({node["kind"] for node in report["callTree"]["nodes"]}, {"frame", "async", "creation"})
        self.assertEqual(sum(row["liveBlocks"] for row in report["types"]), 600)
        scopes = {row["name"]: row for row in report["scopes"]}
        self.assertEqual(scopes["GET /users"]["allocations"], 1500)
        self.assertEqual(scopes["GET /users"]["selfAllocations"], 1000)
        self.assertEqual(scopes["decode"]["parent"], 0)
        self.assertEqual(report["process"]["startTime"], "2023-11-14T22:13:20.000Z")
        self.assertIsNone(report["leaks"]["blocks"])
        self.assertIn("leaks", report["notCollected"])


    def test_leaks_are_the_capture_s(self):
        report = render(capture.leaking(), self.directory)
        self.assertEqual((report["leaks"]["blocks"], report["leaks"]["bytes"]), (3, 1112))
        self.assertEqual([row["category"] for row in report["leaks"]["groups"]], ["definite", "cycle", "cycle"])
        self.assertEqual(report["leaks"]["groups"][0]["address"], "0x5200")
        cycle = report["cycles"][0]
        self.assertEqual([edge["field"] for edge in cycle["edges"]], ["onChange", "capture 0"])
        self.assertEqual((cycle["instances"], cycle["retainedBytes"], cycle["suggestedEdge"]), (1, 112, 1))
        self.assertEqual([row["leakedBytes"] for row in report["scopes"]], [1112, 1000])

    def test_growth_is_the_capture_s(self):
        report = render(capture.growing(), self.directory)
        intervals = report["timeline"]["intervals"]
        self.assertEqual([interval["mark"] for interval in intervals[7:]], ["round 7", None])
        self.assertEqual([sum(row[1] for row in interval["changes"]) for interval in intervals[:2]], [10, 50])
        self.assertEqual([row[2:] for row in intervals[0]["changes"]], [[1_280, 0, 0]])
        places = [row for row in report["growth"] if row["kind"] == "callSite"]
        self.assertEqual([row["verdict"] for row in places], ["unbounded"])
        self.assertEqual(places[0]["blocks"], [10, 18, 28, 36, 46, 54, 64, 72, 82])
        self.assertEqual(report["leaks"]["checks"][0]["blocks"], 9)


if __name__ == "__main__":
    unittest.main()

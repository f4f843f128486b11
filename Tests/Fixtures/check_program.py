#!/usr/bin/env python3
"""Checks that a program behaves under `memscope run` as it does alone, and that its totals are right.

usage: check_program.py --memscope PATH --tools OUTDIR [options] PROGRAM ARGUMENT...

Runs the program alone, under the counting preload, under Valgrind and under `memscope run`; compares standard output
and the way it ends, and the totals

    of Valgrind with those of the counting preload (each from the first call of its own process on), and
    of the report with those that the counting preload made in the very same process, above the tracker.

OUTDIR is where build.sh has put libcounting.so. Exits with 1 and a table when anything differs.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

# Or the sizes of Swift's dictionaries and sets, and what they allocate, differ from run to run.
os.environ["SWIFT_DETERMINISTIC_HASHING"] = "1"

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Oracle"))
import valgrind_totals  # noqa: E402

TOTALS = valgrind_totals.TOTALS


def start(command, environment=None, limit=300):
    """Runs a command; returns its process id, standard output and ending."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **(environment or {})})
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        return process.pid, output, "hangs"
    return process.pid, output, process.returncode


def counted(path):
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def with_early(count):
    """Totals from the first call on: what a counter saw before its constructor included."""
    if count is None:
        return None
    early = count["early"]
    totals = {name: count[name] + early[name] for name in ("allocations", "frees", "allocatedBytes")}
    totals["liveBlocks"] = totals["allocations"] - totals["frees"]
    totals["liveBytes"] = count["liveBytes"] + early["allocatedBytes"] - early["freedBytes"]
    return totals


class Check:
    def __init__(self, arguments):
        self.arguments = arguments
        self.columns = {}
        self.problems = []
        self.scratch = tempfile.TemporaryDirectory()
        self.counting = os.path.abspath(os.path.join(arguments.tools, "libcounting.so"))

    def same_behaviour(self, name, output, ending):
        _, expected, expected_ending = self.alone
        if ending != expected_ending:
            self.problems.append(f"{name}: ends with {ending}, alone with {expected_ending}")
        if output != expected and not self.arguments.any_output:
            self.problems.append(f"{name}: writes {output[:60]!r}, alone {expected[:60]!r}")

    def same_totals(self, one, other, expected, found):
        if expected is None or found is None:
            missing = one if expected is None else other
            self.problems.append(f"{missing}: no totals")
            return
        for name, left, right in valgrind_totals.differences(expected, found):
            self.problems.append(f"{name}: {one} {left}, {other} {right}, difference {(right or 0) - left:+}")

    def run(self):
        command = self.arguments.command
        self.alone = start(command)
        # With sizes as Valgrind tells them; the counter checked here is the reference of all else.
        place = self.scratch.name
        pid, output, ending = start(command, {
            "LD_PRELOAD": self.counting, "COUNTING_OUTPUT": f"{place}/count.%p", "COUNTING_EXACT_SIZES": "1"})
        self.same_behaviour("counting", output, ending)
        count = with_early(counted(f"{place}/count.{pid}"))
        self.columns["counting"] = count
        if not self.arguments.no_valgrind:
            finished, totals = valgrind_totals.run(command)
            self.same_behaviour("valgrind", finished.stdout, finished.returncode)
            self.columns["valgrind"] = totals
            if not self.arguments.varying:
                self.same_totals("counting", "valgrind", count, totals)
        if self.arguments.memscope:
            self.run_tracked(command, place)

    def run_tracked(self, command, place):
        library = os.path.abspath(
            self.arguments.library
            or os.path.join(os.path.dirname(os.path.abspath(self.arguments.memscope)), "libMemScopePreload.so"))
        line = [self.arguments.memscope, "run", "--library", library, "--output"]
        _, output, ending = start(line + [f"{place}/plain", "--"] + command)
        self.same_behaviour("run", output, ending)
        # Once more with the counter above the tracker: env becomes the program, with the two in the other order.
        above = ["/usr/bin/env", f"LD_PRELOAD={self.counting}:{library}", f"COUNTING_OUTPUT={place}/above.%p"]
        above += [f"COUNTING_IGNORE={os.path.basename(library)}"]
        for old in [name for name in os.listdir(place) if name.startswith("above.")]:
            os.unlink(f"{place}/{old}")
        _, output, ending = start(line + [f"{place}/both", "--"] + above + command)
        self.same_behaviour("run with counting", output, ending)
        counts = {name: counted(f"{place}/{name}") for name in os.listdir(place) if name.startswith("above.")}
        report = counted(f"{place}/both/report.json")
        summary = report.get("summary") if report else None
        self.columns["report"] = summary
        # Children leave their counts as well; the program's own is the one of the process in the report.
        pid = (report or {}).get("process", {}).get("pid")
        mine = counts.get(f"above.{pid}") or (next(iter(counts.values())) if len(counts) == 1 else None)
        self.columns["in one process"] = mine
        passed = (report or {}).get("capture", {}).get("signalPassThrough", 0)
        if passed and mine and summary:
            # What a signal handler allocated while it interrupted a hook: the report says how often, and that is all.
            if mine["allocations"] - summary["allocations"] != passed or mine["liveBlocks"] != summary["liveBlocks"]:
                self.problems.append(f"{passed} allocations passed through, which does not explain the difference")
            print(f"  EXPLAINED by signalPassThrough: {passed}")
        else:
            self.same_totals("counting in one process", "report", mine, summary)
        if report and report["capture"].get("droppedEvents"):
            self.problems.append(f"the report has dropped {report['capture']['droppedEvents']} events")

    def show(self):
        names = list(self.columns)
        width = max([14] + [len(name) + 2 for name in names])
        print(" ".join(self.arguments.command))
        print("  " + "".ljust(16) + "".join(name.rjust(width) for name in names))
        for total in TOTALS:
            values = [str((self.columns[name] or {}).get(total, "-")) for name in names]
            print("  " + total.ljust(16) + "".join(value.rjust(width) for value in values))
        for problem in self.problems:
            print(f"  DIFFERENT {problem}")


def main():
    parser = argparse.ArgumentParser(description="Checks one program alone and tracked.")
    parser.add_argument("--memscope", help="the memscope executable; without it only the oracles are compared")
    parser.add_argument("--library", help="the preload library, when it is not beside memscope")
    parser.add_argument("--tools", default=".", help="the directory with libcounting.so")
    parser.add_argument("--no-valgrind", action="store_true", help="for Swift concurrency, on which Valgrind crashes")
    parser.add_argument("--varying", action="store_true", help="totals differ between runs: compare in one process only")
    parser.add_argument("--any-output", action="store_true", help="standard output differs between runs")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.command[:1] == ["--"]:
        del arguments.command[0]
    if not arguments.command:
        parser.error("no program given")
    check = Check(arguments)
    check.run()
    check.show()
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main())

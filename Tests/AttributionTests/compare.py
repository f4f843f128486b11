#!/usr/bin/env python3
"""Compares reports of random programs with what the programs counted themselves.

usage: compare.py DIRECTORY...      each with a report.json and a truth.json

Compared are, exactly: the totals and entries of every scope's path; how many runs ended, and what they allocated and
retained, on average and at most; the totals and the state of every task that is there at the end; how many tasks each line
created, and what became of them; and that what each thread, scope, task site, queue and type did in the intervals of the timeline adds
up to its totals. Left out are runs whose tasks went on allocating after them, and what a run retained of
which another thread freed some afterwards: see truth.c. Prints the differences, up to a number of them, and how much was
compared. Ends with 1 when anything differs.
"""
import json
import sys
from collections import Counter

SHOWN = 40
SUMS = ("allocations", "allocatedBytes", "frees", "liveBytes")
SELF = {key: "self" + key[0].upper() + key[1:] for key in SUMS}
KINDS = {"unstructured": 1, "detached": 1, "groupChild": 2, "asyncLet": 3}


class Comparison:
    def __init__(self):
        self.counts = Counter()
        self.differences = []

    def same(self, what, key, expected, found):
        self.counts["figures"] += 1
        if expected != found:
            self.differences.append(f"{what}: {key} is {found}, and should be {expected}")


def paths(rows):
    """The path of each row, as a tuple of names. A parent comes before its children or after them."""
    def path(index):
        row = rows[index]
        return (path(row["parent"]) if row["parent"] >= 0 else ()) + (row["name"],)

    return [path(index) for index in range(len(rows))]


def compare_scopes(directory, report, truth, comparison):
    found = dict(zip(paths(report["scopes"]), report["scopes"]))
    expected = dict(zip(paths(truth["scopes"]), truth["scopes"]))
    for path, scope in expected.items():
        if path[0] == "warm-up":
            continue
        name = f"{directory}: {' / '.join(path)}"
        row = found.get(path)
        if row is None:
            comparison.differences.append(f"{name}: no row")
            continue
        comparison.counts["scopes"] += 1
        for key in SUMS:
            comparison.same(name, SELF[key], scope[key], row[SELF[key]])
        comparison.same(name, "entries", scope["entries"], row["entries"])
        runs = row["runs"]
        comparison.same(name, "runs.ended", scope["ended"], runs["ended"])
        comparison.counts["runs"] += scope["ended"]
        if scope["uncertain"]:
            comparison.counts["runs left out"] += scope["ended"]
            continue
        figures = {"allocations": "runAllocations", "allocatedBytes": "runBytes", "retainedBytes": "runRetained"}
        if scope["freedByOthers"]:
            comparison.counts["retained left out"] += scope["ended"]
            del figures["retainedBytes"]
        for key, figure in figures.items():
            total, largest = scope[figure]
            comparison.same(name, f"runs.{key}.mean", total // scope["ended"], runs[key]["mean"])
            comparison.same(name, f"runs.{key}.largest", largest, runs[key]["largest"])


def compare_tasks(directory, report, truth, comparison):
    # Several may have one name.
    def named(rows):
        return sorted((row["name"], *(row[key] for key in SUMS)) for row in rows)

    expected = named(truth["tasks"])
    names = {row[0] for row in expected}
    rows = [row for row in report["tasks"] if row["name"] in names]
    found = named(rows)
    comparison.counts["tasks"] += len(expected)
    comparison.same(f"{directory}: tasks", "number", len(expected), len(found))
    for wanted, row in zip(expected, found):
        comparison.same(f"{directory}: task {wanted[0]}", ", ".join(SUMS), wanted[1:], row[1:])
    for row in rows:
        comparison.same(f"{directory}: task {row['name']}", "state", "suspended", row["state"])


def compare_sites(directory, report, truth, comparison):
    found = {}
    for row in report["taskSites"]:
        place = (row["line"], KINDS[row["kind"]], row["file"].rsplit("/", 1)[-1])
        totals = found.setdefault(place[:2], Counter())
        there = sum(row[key] for key in ("running", "enqueued", "suspended", "complete", "unknown"))
        totals.update(created=row["created"], finished=row["finished"], there=there)
    for line in truth["lines"]:
        name = f"{directory}: tasks created on line {line['line']}"
        row = found.get((line["line"], line["kind"]))
        if row is None:
            comparison.differences.append(f"{name}: no row")
            continue
        comparison.counts["task sites"] += 1
        comparison.same(name, "created", line["created"], row["created"])
        comparison.same(name, "finished", line["created"] - line["stay"], row["finished"])
        comparison.same(name, "there", line["stay"], row["there"])


def compare_intervals(directory, report, comparison):
    timeline = report["timeline"]
    for section in ("threads", "scopes", "taskSites", "queues", "types"):
        if f"timeline.intervals.{section}" in report["notCollected"]:
            continue
        sums = [Counter() for _ in report[section]]
        for interval in timeline["intervals"]:
            for row, *figures in interval[section]:
                if row >= 0:
                    sums[row].update(dict(zip(("allocations", "allocatedBytes", "frees", "freedBytes"), figures)))
        for index, (row, found) in enumerate(zip(report[section], sums)):
            # Stacks of several types are told by what most of their blocks are.
            if section == "types" and index in timeline["uncertainTypes"]:
                continue
            found["liveBytes"] = found["allocatedBytes"] - found["freedBytes"]
            comparison.counts["rows by time"] += 1
            for key in SUMS:
                total = row[SELF[key] if section == "scopes" else key]
                comparison.same(f"{directory}: {section}[{index}] over all intervals", key, total, found[key])


def main():
    comparison = Comparison()
    for directory in sys.argv[1:]:
        with open(f"{directory}/report.json") as file:
            report = json.load(file)
        with open(f"{directory}/truth.json") as file:
            truth = json.load(file)
        if report["capture"]["droppedEvents"] or len(report["scopes"]) >= 2000:
            comparison.differences.append(f"{directory}: events were dropped, or scopes left out")
        comparison.counts["edge events"] += truth["edges"]
        compare_scopes(directory, report, truth, comparison)
        compare_tasks(directory, report, truth, comparison)
        compare_sites(directory, report, truth, comparison)
        compare_intervals(directory, report, comparison)
    for line in comparison.differences[:SHOWN]:
        print(line)
    counts = comparison.counts
    print(
        f"{len(comparison.differences)} differences in {counts['figures']} figures: {counts['scopes']} scopes, "
        f"{counts['runs']} runs ({counts['runs left out']} left out, what is retained of {counts['retained left out']} more), "
        f"{counts['tasks']} tasks, {counts['task sites']} sites, "
        f"{counts['rows by time']} rows by time; {counts['edge events']} edge events")
    return 1 if comparison.differences or not counts["scopes"] else 0


if __name__ == "__main__":
    sys.exit(main())

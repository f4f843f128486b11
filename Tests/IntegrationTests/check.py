#!/usr/bin/env python3
"""Checks what the fixture program Check has left.

usage: check.py DIRECTORY LOG      DIRECTORY as the program filled it, LOG its standard output
"""
import json
import re
import sys

KEPT, PLAIN, SPANS, STREAMS, LOST = 40, 40, 10, 10, 5
# A kept bottle is an object with a kibibyte in it.
BOTTLE = 1024

directory, log = sys.argv[1:3]
failures = []


def check(condition, text):
    if not condition:
        failures.append(text)


def load(name):
    with open(f"{directory}/{name}", encoding="utf-8") as file:
        return json.load(file)


def by_path(report):
    """The rows of scopes, by their names from the outermost on."""
    paths, rows = [], {}
    for row in report["scopes"]:
        outer = "" if row["parent"] < 0 else paths[row["parent"]] + " > "
        paths.append(outer + row["name"])
        rows[paths[-1]] = row
    return rows


def check_scopes(report, name):
    rows = by_path(report)
    expected = {
        "GET /keep/{number}": KEPT, "GET /plain": PLAIN, "GET /spans": SPANS, "GET /spans > load": SPANS,
        "GET /spans > render": SPANS, "GET /stream": STREAMS, "GET /stream (body)": STREAMS, "(no route)": LOST,
    }
    entries = {path: row["entries"] for path, row in rows.items()}
    check(entries == expected, f"{name}: scopes entered {entries}, not {expected}")
    if entries != expected:
        return
    for path in expected.keys() - {"GET /stream"}:
        check(rows[path]["allocations"] >= rows[path]["entries"], f"{name}: {path} allocates {rows[path]['allocations']} blocks")
    kept, plain = rows["GET /keep/{number}"], rows["GET /plain"]
    check(kept["liveBytes"] >= KEPT * BOTTLE, f"{name}: what the route keeps is {kept['liveBytes']} bytes")
    check(plain["liveBytes"] < PLAIN * 64, f"{name}: the route that keeps nothing has {plain['liveBytes']} bytes live")
    # A page of 50 lines for each request, made in a child task: none of them would fit into an inline string.
    check(rows["GET /spans > load"]["allocations"] >= SPANS * 50, f"{name}: the child tasks of a span are not in its scope")
    check(rows["GET /spans"]["allocations"] > rows["GET /spans > load"]["allocations"], f"{name}: a route without its spans")
    bottles = [row for row in report["types"] if row["name"] == "Check.Bottle"]
    check(bottles and bottles[0]["liveBlocks"] == KEPT, f"{name}: bottles {bottles}")
    check(report["capture"]["droppedEvents"] == 0, f"{name}: events were dropped")


def check_gauges(gauges, summary):
    pairs = {
        "live_bytes": "liveBytes", "live_blocks": "liveBlocks", "peak_bytes": "peakBytes", "allocations": "allocations",
        "allocated_bytes": "allocatedBytes",
    }
    for gauge, key in pairs.items():
        value, reported = gauges.get(f"memscope.{gauge}", -1), summary[key]
        # The gauge was set a moment before the report's cut.
        check(abs(value - reported) <= 0.05 * reported, f"gauge {gauge} is {value}, the report's {key} {reported}")
    for gauge in "allocations_per_second", "allocated_bytes_per_second":
        check(gauges.get(f"memscope.{gauge}", -1) >= 0, f"no gauge {gauge}")
    check(len(gauges) == len(pairs) + 2, f"other gauges: {sorted(gauges)}")


def check_spans(spans):
    for name in "load", "render":
        found = [span["scope"] for span in spans if span["name"] == name]
        check(found == [f"GET /spans > {name}"] * SPANS, f"spans {name} name the scopes {found}")
    check(len(spans) == 2 * SPANS, f"{len(spans)} spans")


def lines_with(lines, ending, scope):
    """Lines that end so; each must name the scope and some task."""
    found = [line for line in lines if line.endswith(ending)]
    for line in found:
        metadata = re.search(r"memscope\.scope=(.*?) memscope\.task=([1-9]\d*) ", line)
        check(metadata and metadata.group(1) == scope, f"this line should be of {scope}: {line}")
    return len(found)


def check_log(lines):
    check(lines_with(lines, "[Check] kept", "GET /keep/{number}") == KEPT, "not every request of /keep has its line")
    check(lines_with(lines, "[Check] loading", "GET /spans > load") == SPANS, "not every request of /spans has its line")
    before = [line for line in lines if line.endswith("[Check] before")]
    check(len(before) == 1 and "memscope." not in before[0], f"before the start: {before}")
    check(any("memory report written" in line for line in lines), "the service does not say that it wrote a report")
    check(lines[-1:] == ["ended, figures true"], f"the program's last line is {lines[-1:]}")
    check(not [line for line in lines if line.startswith("failed")], "the program says that it failed")


with open(log, encoding="utf-8") as file:
    check_log(file.read().splitlines())
if not failures:
    findings, quiet = load("findings.json"), load("quiet/report.json")
    check_scopes(quiet, "quiet")
    check_scopes(load("shutdown/report.json"), "shutdown")
    check_gauges(findings["gauges"], quiet["summary"])
    check_spans(findings["spans"])
for failure in failures:
    print("FAILED", failure)
sys.exit(bool(failures))

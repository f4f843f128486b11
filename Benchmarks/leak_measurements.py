"""The measurements of the search for leaks."""
import json
import os
import sys
import tempfile

from workbench import ROOT, Row

sys.path.append(os.path.join(ROOT, "Tests", "LeakTests"))
from read_graph import Graph  # noqa: E402


def searched(bench, kind, blocks, megabytes, threads, rounds, graph=False, analyse=False):
    """What `searched_heap` measured of a heap: a dictionary a round, with the counters of its captures: seconds, bytes,
    and how long the threads stood still beyond the copying of that very pause, in milliseconds."""
    with tempfile.TemporaryDirectory(dir=bench.scratch) as output:
        said = bench.call(
            bench.program("searched_heap"), kind, *(str(number) for number in (blocks, megabytes, threads, rounds)), output,
            *(["graph"] if graph else []),
            env={**os.environ, "LD_PRELOAD": bench.product("libMemScopePreload.so"), "MEMSCOPE": "1", "MEMSCOPE_CLI": "/bin/false",
                 "MEMSCOPE_OUTPUT": os.path.join(output, "end")})
        found = [json.loads(line) for line in said.splitlines()]
        for number, one in enumerate(found):
            path = os.path.join(output, f"search-{number}.memscope")
            counters = Graph(path, with_graph=False).counters
            if counters["leakScan"] != 1 or (counters["leakedBlocks"] != 0) != (kind == "lost"):
                raise SystemExit(f"searched_heap {kind}: {counters['leakedBlocks']} blocks were reported")
            one.update(
                beyond=(counters["leakScanPause"] - counters["leakScanCopying"]) / 1e6, scan=counters["leakScanTime"] / 1e9,
                memory=counters["leakScanMemory"] / blocks)
            if analyse:
                analysis, report = bench.report_cost("leaks", path)
                if report["retainedRows"] == 0:
                    raise SystemExit(f"searched_heap {kind}: the report does not show what leaks keep")
                one.update(analysis=analysis["elapsed"] / 1e3, cycles=analysis["cycles"], report=report["elapsed"] / 1e3)
        return found


def leaks(bench):
    """a search for leaks"""
    blocks, megabytes = bench.size(1_000_000, 1_000), bench.size(512, 1)
    held = searched(bench, "held", blocks, megabytes, 1, bench.rounds, graph=True)
    busy = searched(bench, "held", blocks, megabytes, 68, bench.rounds)
    lost = searched(bench, "lost", blocks, megabytes, 1, bench.rounds, analyse=True)
    if any(one["cycles"] == 0 for one in lost):
        raise SystemExit("searched_heap lost: no cycles were found")
    none = float("inf")
    return [
        Row("leaks: search of 1 M live blocks, 1 GiB", "0.7 s", 0.7, [one["scan"] for one in held], "{:.2f}", "s"),
        Row("leaks: the same with 68 threads that work now and then", "1 s", 1, [one["scan"] for one in busy], "{:.2f}", "s"),
        Row("leaks: copying that process", "–", none, [one["copy"] * 1e3 for one in held + busy], "{:.1f}", "ms"),
        Row("leaks: how long its threads stand still, beyond the copying", "10 ms", 10, [one["beyond"] for one in held], "{:.1f}", "ms"),
        Row("leaks: the same with the 68 threads", "10 ms", 10, [one["beyond"] for one in busy], "{:.1f}", "ms"),
        Row("leaks: memory of the search, a block", "48 B", 48, [one["memory"] for one in held], "{:.0f}", "B"),
        Row("leaks: the whole graph, 3 M references, written; beyond the search", "1 s", 1,
            [one["graph"] - one["search"] for one in held], "{:.2f}", "s"),
        Row("leaks: 1 M leaked blocks in 250 000 cycles, from the request to findings", "2 s", 2,
            [one["search"] + one["analysis"] for one in lost], "{:.2f}", "s"),
        Row("leaks: of that, the analysis of the capture", "–", none, [one["analysis"] for one in lost], "{:.2f}", "s"),
        Row("leaks: from the decoded capture to its report as JSON and page, with trees of what leaks keep", "–", none,
            [one["report"] for one in lost], "{:.2f}", "s"),
    ]

"""The measurements, one function for what is measured together; each returns its rows."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import run
from leak_measurements import leaks
from workbench import HERE, ROOT, Row

PAIR_BUDGETS = {5: 30, 20: 45, 50: 80}


def off(bench):
    """linked and not started"""
    scratch = os.path.join(bench.scratch, "off")
    bench.products  # the script takes its objects
    text = bench.call("sh", os.path.join(HERE, "off_cost.sh"), scratch, str(bench.size(60, 1)))
    churn = float(re.search(r"object churn:.*linked: ([-+0-9.]+) %", text).group(1))
    call = float(re.search(r"malloc and free:.*linked: ([-+0-9.]+) a call", text).group(1))
    pairs = bench.size(4_000_000, 1_000)
    times = []
    for _ in range(bench.rounds + 1):
        taken = {}
        for name in ("plain", "linked"):
            begin = time.monotonic()
            bench.call(os.path.join(scratch, f"pairs.{name}"), "5", "1", str(pairs))
            taken[name] = time.monotonic() - begin
        times.append((taken["linked"] - taken["plain"]) / (2 * pairs) * 1e9)
    return [
        Row("linked, not started: instructions of a Swift program", "1 % more", 1, [churn], "{:+.2f}", "%"),
        Row(f"the same: a call of malloc or free ({call:+.1f} instructions)", "1.5 ns", 1.5, times[1:], "{:+.2f}", "ns"),
    ]


def debug(bench):
    """an event in a debug build"""
    text = bench.call(
        "sh", os.path.join(HERE, "debug_cost.sh"), os.path.join(bench.scratch, "debug"),
        str(bench.size(2_000_000, 2_000)))
    cost = float(re.search(r"depth 20: ([0-9.-]+) ns an event", text).group(1))
    return [Row("an event in a debug build, depth 20, engine included", "1000 ns", 1000, [cost], "{:.0f}", "ns")]


def pairs(bench):
    """malloc and free in turn"""
    count = bench.size(4_000_000, 1_000)
    rows = []
    for depth, budget in PAIR_BUDGETS.items():
        taken = bench.turns(bench.program("malloc_pairs"), str(depth), "1", str(count))
        added = [(one.cpu - base.cpu) / count * 1e9 for one, base in zip(taken["tracked"], taken["plain"])]
        rows.append(
            Row(f"malloc+free pair, depth {depth}, added, engine included", f"{budget} ns", budget, added, "{:.0f}", "ns"))
    return rows


def stress(bench):
    """4 threads of malloc and free"""
    taken = bench.turns(bench.program("malloc_pairs"), "20", "4", str(bench.size(1_000_000, 1_000)))
    ratios = [one.wall / base.wall for one, base in zip(taken["tracked"], taken["plain"])]
    return [Row("4 threads of malloc and free, depth 20, wall", "4×", 4, ratios, "{:.1f}", "×")]


def custody(bench):
    """who frees"""
    count = bench.size(4_000_000, 1_000)
    rounds = bench.size(200, 1)
    rows = []
    for what, command, frees in (
            ("a free by the program", [bench.program("malloc_pairs"), "5", "1", str(count)], count),
            ("a free by Swift's runtime", [bench.program("ObjectChurn"), str(rounds)], 16_170 * rounds)):
        taken = bench.turns(*command, custody=True)
        added = [(one.cpu - base.cpu) / frees * 1e9 for one, base in zip(taken["custody"], taken["tracked"])]
        rows.append(Row(f"custody: what it adds to {what}, engine included", "15 ns", 15, added, "{:.1f}", "ns"))
    return rows


def heaptrack(bench):
    """added CPU against heaptrack's"""
    if not shutil.which("heaptrack"):
        raise SystemExit("heaptrack is not installed")
    python = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else shutil.which("python3")
    parsed = os.path.join(HERE, "run.py")
    programs = {
        "swift-format": (10, bench.formatter),
        "git log --stat": (4, ["git", "-C", ROOT, "log", "--stat", "-n", str(bench.size(400, 2))]),
        "python3, parsing": (
            4, [python, os.path.join(HERE, "Programs", "parse.py"), parsed, str(bench.size(60, 1))]),
    }
    for name, command in run.workloads(bench.programs).items():
        if name.startswith(("Swift objects", "Swift tasks", "SwiftNIO")):
            programs[name] = (10, command[:1] + ["1", "1"][:len(command) - 1] if bench.quick else command)
    rows = []
    for name, (budget, command) in programs.items():
        taken = bench.turns(*command, heaptrack=True)
        shares = [
            (one.cpu - base.cpu) / max(theirs.cpu - base.cpu, 1e-3)
            for one, base, theirs in zip(taken["tracked"], taken["plain"], taken["heaptrack"])]
        rows.append(
            Row(f"{name}: added CPU against heaptrack's", f"1/{budget}", 1 / budget, shares,
                lambda share: f"1/{1 / share:.1f}" if share > 0.001 else "0"))
    return rows


def engine(bench):
    """the engine's own threads"""
    command = [bench.program("live_churn"), "1", *bench.size(("2000000", "1000000"), ("2000", "1000"))]
    costs = []
    for _ in range(bench.rounds):
        capture = bench.report(*command)["capture"]
        costs.append(capture["trackerCPUNanoseconds"] / capture["events"])
    return [Row("engine, an event, 1 M live blocks", "12 ns", 12, costs, "{:.1f}", "ns")]


def memory(bench):
    """the tracker's memory"""
    program = bench.program("resident")

    def grown(few, many, preload):
        return [int(bench.tracked(program, *which, preload=preload)) for which in (few, many)]

    def added(few, many):
        plain, ours = (grown(few, many, preload) for preload in (False, True))
        return (ours[1] - ours[0]) - (plain[1] - plain[0]), plain[1] - plain[0]

    threads, blocks = bench.size(256, 16), bench.size(4_000_000, 20_000)
    idle = [added(("1", "0", "0"), (str(threads + 1), "0", "0"))[0] / threads / 1024 for _ in range(bench.rounds)]
    # From one large heap to another, so that what the rings hold while the engine is behind is in both.
    shares = [
        more / heap * 100 for more, heap in (
            added(("0", str(blocks), "24"), ("0", str(3 * blocks), "24")) for _ in range(bench.rounds))]
    taken = bench.turns(*bench.formatter)
    sites = symbol_cost(bench)["sites"]
    stacks = [(one.rss - base.rss) * (1 << 20) / sites for one, base in zip(taken["tracked"], taken["plain"])]
    return [
        Row("memory: an idle thread's ring and state", "128 KiB", 128, idle, "{:.0f}", "KiB"),
        Row("memory: shadow, of a touched heap of 24-byte blocks", "25 %", 25, shares, "{:.1f}", "%"),
        Row(f"memory: all that is added to swift-format, by its {sites} (stack, size)", "200 B", 200, stacks, "{:.0f}", "B"),
    ]


def attribution(bench):
    """tasks and scopes"""
    costs = {}
    for _ in range(bench.rounds):
        for line in bench.call(bench.product("attribution-cost"), str(bench.size(1_000_000, 1_000))).splitlines():
            said = json.loads(line)
            costs.setdefault(said["what"], []).append(said["nanoseconds"])

    def waiting(tasks):
        """What the tracker takes for so many tasks that never finish, besides the shadow of their heap."""
        with tempfile.TemporaryDirectory(dir=bench.scratch) as output:
            bench.call(bench.product("doors"), "waiting", output, str(tasks))
            with open(os.path.join(output, "report.json"), encoding="utf-8") as file:
                report = json.load(file)
        heap = report["summary"]["liveBytes"] + 12 * report["summary"]["liveBlocks"]
        return report["capture"]["trackerBytes"] - heap / 4

    few, many = bench.size((100_000, 1_300_000), (100, 1_000))
    each = (waiting(many) - waiting(few)) / (many - few)
    return [
        Row("attribution: a scope entered and left, synchronous", "100 ns", 100, costs["a scope, synchronous"], "{:.0f}", "ns"),
        Row("attribution: the same, asynchronous", "250 ns", 250, costs["a scope, asynchronous"], "{:.0f}", "ns"),
        Row("attribution: the same, synchronous, while off", "–", float("inf"),
            costs["a scope, synchronous, while off"], "{:.1f}", "ns"),
        Row("attribution: what it adds to an event", "5 ns", 5, costs["what attribution adds to an event"], "{:.1f}", "ns"),
        *(Row(f"tracked(_:name:): {what}", "1000 ns", 1000, costs[what], "{:.0f}", "ns") for what in (
            "a name, of ten", "a name, of 4 000", "a name, of 4 000, with 250 000 objects named")),
        Row(f"attribution: memory of an unfinished task, of {many}", "200 B", 200, [each], "{:.0f}", "B"),
    ]


def census(bench):
    """a census of types"""
    objects = bench.size(1_000_000, 1_000)
    found = [bench.counters(bench.program("LiveObjects"), str(objects)) for _ in range(bench.rounds)]
    if any(one["allocations"] - one["frees"] < objects * 0.99 for one in found):
        raise SystemExit("LiveObjects: not every object was alive at the end")
    return [Row("census: types of 1 M live objects", "1 s", 1, [one["censusTime"] / 1e9 for one in found], "{:.2f}", "s")]


def ledger(bench):
    """retains and releases in the ledger"""
    count = bench.size(8_000_000, 1_000)
    taken = bench.turns(bench.program("RetainPairs"), "20", str(count), ownership={"all": "all", "other": "types:Nothing"})

    def added(variant):
        # Against the same program tracked without a ledger: what the start of tracking takes is in both.
        return [(one.cpu - base.cpu) / (2 * count) * 1e9 for one, base in zip(taken[variant], taken["tracked"])]

    return [
        Row("retain ledger of all types: a retain or release, depth 20, added, engine included", "60 ns", 60, added("all"), "{:.0f}", "ns"),
        Row("retain ledger of one type: a retain or release of another, added", "8 ns", 8, added("other"), "{:.1f}", "ns"),
    ]


def start(bench):
    """start-up"""
    taken = bench.turns("/bin/true")
    count = bench.size(40, 2)
    added = []
    for _ in range(bench.rounds):
        spent = {}
        for preload in (False, True):
            begin = time.monotonic()
            for _ in range(count):
                bench.tracked("/bin/true", preload=preload, tracking=False)
            spent[preload] = (time.monotonic() - begin) / count
        added.append((spent[True] - spent[False]) * 1e3)
    whole = [(one.wall - base.wall) * 1e3 for one, base in zip(taken["tracked"], taken["plain"])]
    return [
        Row("start of a process, preloaded and off, wall", "5 ms", 5, added, "{:.1f}", "ms"),
        Row("the same, tracked, its capture at the end included", "–", float("inf"), whole, "{:.1f}", "ms"),
    ]


def analysis(bench):
    """analysis of 50 000 sites"""
    sites = bench.size(50_000, 500)
    few = bench.report_cost("analysis", sites, 20 * bench.rounds)
    many = bench.report_cost("analysis", 8 * sites, 3 * bench.rounds)
    # The first round also pays for memory that the process has not touched yet.
    costs = [line["cpu"] for line in few[1:]]
    growth = statistics.median(line["cpu"] for line in many) / 8 / statistics.median(costs)
    return [
        Row("analysis of 50 000 sites, CPU", "3.5 ms", 3.5, costs, "{:.1f}", "ms"),
        Row("the same, 400 000 sites: time a site against 50 000's", "2× (linear)", 2, [growth], "{:.1f}", "×"),
    ]


def report(bench):
    """a large report"""
    with tempfile.TemporaryDirectory(dir=bench.scratch) as output:
        lines = [
            line for _ in range(bench.rounds)
            for line in bench.report_cost("report", bench.size(100_000, 1_000), output)]
    return [
        Row("report of 100 000 stacks, 1 M live blocks: capture to both files, wall", "2 s", 2,
            [line["elapsed"] / 1e3 for line in lines], "{:.2f}", "s"),
        Row("the same, CPU", "–", float("inf"), [line["cpu"] / 1e3 for line in lines], "{:.2f}", "s"),
        Row("page of such a report", "5 MB", 5, [line["htmlBytes"] / 1e6 for line in lines[:1]], "{:.1f}", "MB"),
    ]


def page(bench):
    """a large report's page in a browser"""
    with tempfile.TemporaryDirectory(dir=bench.scratch) as output:
        bench.report_cost("report", bench.size(100_000, 1_000), output)
        text = bench.call(
            sys.executable, os.path.join(HERE, "page_cost.py"), os.path.join(output, "report.html"), str(bench.rounds))
    lines = [json.loads(line) for line in text.splitlines()]
    return [
        Row("page of 100 000 stacks: from opening to usable", "1000 ms", 1000, [line["usable"] for line in lines], "{:.0f}", "ms"),
        Row("the same: script for a frame while panning", "8 ms", 8, [line["frame"] for line in lines], "{:.1f}", "ms"),
    ]


def symbol_cost(bench):
    """Tracks swift-format and looks its names up, in a process that knows none."""
    with tempfile.TemporaryDirectory(dir=bench.scratch) as output:
        # The status is the formatter's own, which is not zero when it finds something.
        subprocess.run(
            bench.formatter, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env={
                **os.environ, "LD_PRELOAD": bench.product("libMemScopePreload.so"), "MEMSCOPE": "run",
                "MEMSCOPE_RUN_PID": str(os.getpid()), "MEMSCOPE_OUTPUT": output, "MEMSCOPE_CLI": "/bin/false"})
        return bench.report_cost("symbols", os.path.join(output, "capture.memscope"))[0]


def symbols(bench):
    """names"""
    lines = [symbol_cost(bench) for _ in range(bench.rounds)]
    return [
        Row("symbols, a unique address of swift-format, CPU", "50 µs", 50,
            [line["cpu"] * 1e3 / line["addresses"] for line in lines], "{:.0f}", "µs")]


ALL = [off, debug, pairs, stress, custody, heaptrack, engine, attribution, leaks, ledger, census, memory, start, analysis, report,
       page, symbols]

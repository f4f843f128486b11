#!/usr/bin/env python3
"""Compares what programs cost alone, tracked, and under heaptrack; prints a table in Markdown.

usage: run.py OUTDIR [--library [NAME=]PATH]... [--memscope PATH] [--heaptrack] [options]

OUTDIR is where build.sh has put the programs. The variants take turns, in an order that rotates, and each ratio is one
of two runs of the same turn; the table gives their medians, and in brackets the lowest and highest. CPU is user and
system time of the process and all its descendants, heaptrack's interpreter and memscope's rendering included.

    --library PATH    preloads this library, with the environment that `memscope run` sets; may be repeated
    --memscope PATH   runs `memscope run` with the last library: capture and report
    --heaptrack       runs heaptrack, the whole of it
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def swift_format():
    """The toolchain's formatter."""
    return shutil.which("swift-format") or os.path.join(
        os.path.dirname(os.path.realpath(shutil.which("swiftc") or "swiftc")), "swift-format")


def workloads(directory):
    """Name, command and budgeted figure of each workload whose program is there."""
    def program(name):
        return os.path.join(directory, name)

    table = {}
    for depth in (5, 20, 50):
        table[f"pairs, depth {depth}"] = [program("malloc_pairs"), str(depth)]
    table["pairs, depth 20, 4 threads"] = [program("malloc_pairs"), "20", "4", "1000000"]
    table["churn, 100 k live"] = [program("live_churn")]
    table["churn, 4 threads"] = [program("live_churn"), "4", "500000"]
    for build, suffix in (("", ""), (", no frame pointers", "NoFramePointers")):
        table["Swift objects" + build] = [program("ObjectChurn" + suffix), "205"]
        table["Swift tasks" + build] = [program("AsyncTasks" + suffix), "40000", "48"]
    table["SwiftNIO http1"] = [program("NIOPerformanceTester"), "http1_1k_reqs_1_conn"]
    sources = program("swift-syntax/Sources/SwiftParser")
    if os.path.isdir(sources):
        table["swift-format"] = [swift_format(), "lint", "-r", sources]
    return {name: command for name, command in table.items() if os.access(command[0], os.X_OK)}


class Run:
    """What one execution took."""

    def __init__(self, command, environment):
        begin = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # Read to the end before waiting: nothing may block on a full pipe. swift-format says much.
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - begin
        self.cpu = usage.ru_utime + usage.ru_stime
        self.rss = usage.ru_maxrss / 1024
        self.status = process.returncode
        if process.returncode < 0 or process.returncode in (64, 126, 127):
            text = complaint.decode(errors="replace")[-500:]
            raise SystemExit(f"{' '.join(command)}: ended with {process.returncode}\n{text}")


class Variant:
    def __init__(self, name, wrap, environment=None):
        self.name, self.wrap, self.environment = name, wrap, environment or {}

    def run(self, command, scratch):
        for entry in os.listdir(scratch):
            path = os.path.join(scratch, entry)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        environment = {**os.environ, **{key: value.format(scratch=scratch) for key, value in self.environment.items()}}
        return Run([part.format(scratch=scratch) for part in self.wrap] + command, environment)


def variants(arguments):
    found = [Variant("plain", [])]
    last = None
    for library in arguments.library:
        name, separator, path = library.partition("=")
        path = os.path.abspath(path if separator else library)
        if not os.path.exists(path):
            raise SystemExit(f"{path}: no such library")
        found.append(Variant(name if separator else os.path.basename(path), [], {
            "LD_PRELOAD": path, "MEMSCOPE": "run", "MEMSCOPE_RUN_PID": str(os.getpid()),
            "MEMSCOPE_OUTPUT": "{scratch}", "MEMSCOPE_BACKPRESSURE": "wait",
            "MEMSCOPE_CLI": os.path.abspath(arguments.memscope or "/bin/false")}))
        last = path
    if arguments.memscope:
        line = [os.path.abspath(arguments.memscope), "run", "--output", "{scratch}"]
        found.append(Variant("memscope run", line + (["--library", last] if last else []) + ["--"]))
    if arguments.heaptrack:
        found.append(Variant("heaptrack", ["heaptrack", "-o", "{scratch}/heaptrack"]))
    return found


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    libc = " ".join(platform.libc_ver())
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} CPUs, {platform.machine()}, Linux {platform.release()}, {libc}, load {load:.1f}"


def events(command, directory):
    """Allocations and frees of the program, by the counting preload; None without it."""
    library = os.path.join(directory, "libcounting.so")
    if not os.path.exists(library):
        return None
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "LD_PRELOAD": library, "COUNTING_OUTPUT": f"{scratch}/%p"}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.wait()
        try:
            with open(f"{scratch}/{process.pid}") as file:
                count = json.load(file)
        except (OSError, ValueError):
            return None
    return count["allocations"] + count["frees"]


def spread(ratios):
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]"


def take_turns(command, tried, rounds):
    """The runs of each variant, by its name; those at the same place belong to the same turn."""
    taken = {variant.name: [] for variant in tried}
    with tempfile.TemporaryDirectory() as scratch:
        for turn in range(rounds + 1):
            first = turn % len(tried)
            for variant in tried[first:] + tried[:first]:
                run = variant.run(command, scratch)
                if turn > 0:  # the first warms up
                    taken[variant.name].append(run)
    return taken


def measure(name, command, tried, arguments):
    """The table rows of one workload."""
    taken = take_turns(command, tried, arguments.rounds)
    count = events(command, arguments.directory)
    plain = taken["plain"]
    added = {
        variant: statistics.median(run.cpu - base.cpu for run, base in zip(runs, plain)) for variant, runs in taken.items()}
    rows = []
    for variant, runs in taken.items():
        cpu = [run.cpu / max(base.cpu, 1e-9) for run, base in zip(runs, plain)]
        wall = [run.wall / base.wall for run, base in zip(runs, plain)]
        per_event = f"{added[variant] / count * 1e9:.0f}" if count and variant != "plain" else ""
        share = ""
        if variant not in ("plain", "heaptrack") and added.get("heaptrack", 0) > 0 and added[variant] > 0:
            share = f"1/{added['heaptrack'] / added[variant]:.1f}"
        rows.append([
            name, f"{count / 1e6:.2f} M" if count else "?", variant,
            f"{statistics.median(run.cpu for run in runs):.2f}", f"{statistics.median(run.wall for run in runs):.2f}",
            "" if variant == "plain" else spread(cpu), "" if variant == "plain" else spread(wall), per_event, share,
            f"{statistics.median(run.rss for run in runs):.0f}"])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="OUTDIR")
    parser.add_argument("--library", action="append", default=[], metavar="[NAME=]PATH")
    parser.add_argument("--memscope", metavar="PATH")
    parser.add_argument("--heaptrack", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="workloads whose names hold these")
    parser.add_argument("--add", action="append", default=[], metavar="NAME=COMMAND", help="one more workload")
    arguments = parser.parse_args()
    arguments.directory = os.path.abspath(arguments.directory)
    table = workloads(arguments.directory)
    for extra in arguments.add:
        name, _, command = extra.partition("=")
        table[name] = command.split()
    if arguments.only:
        table = {name: command for name, command in table.items() if any(word in name for word in arguments.only)}
    if not table:
        raise SystemExit(f"no program to measure in {arguments.directory}: build.sh makes them")
    tried = variants(arguments)
    print(f"{machine()}; {arguments.rounds} rounds\n")
    print("| workload | events | variant | CPU s | wall s | CPU ratio | wall ratio | added ns/event | of heaptrack's added | MiB |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name, command in table.items():
        for row in measure(name, command, tried, arguments):
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())

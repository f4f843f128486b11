#!/usr/bin/env python3
"""Runs a program under Valgrind and reads its heap totals; compares them with a report's if one is named.

usage: valgrind_totals.py [--report REPORT.json] PROGRAM ARGUMENT...

How Valgrind (memcheck, 3.19) counts, tried call by call:

    malloc(0), calloc(0, n)      one allocation of 0 bytes
    free(NULL)                   nothing
    realloc(NULL, n)             one allocation of n bytes
    realloc(p, n)                one free and one allocation of n bytes, also when it stays in place
    realloc(p, 0)                one free
    realloc(p, n) that fails     one free and one allocation of n bytes, though neither happened
    other calls that fail        nothing
    aligned allocations          one allocation of the bytes asked for
    pvalloc                      nothing, nor its free
    what the C and C++ runtimes free for Valgrind's sake at exit: switched off here

It counts from the first call of the process on, and each process of its own.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

TOTALS = ("allocations", "frees", "allocatedBytes", "liveBlocks", "liveBytes")


def run(command, **options):
    """Runs the command under Valgrind; returns its CompletedProcess and the totals, None if Valgrind gave none."""
    with tempfile.TemporaryDirectory() as directory:
        line = ["valgrind", "--run-libc-freeres=no", "--run-cxx-freeres=no", "--leak-check=no", "--error-limit=no"]
        line += [f"--log-file={directory}/%p", "--"] + command
        process = subprocess.Popen(line, stdout=subprocess.PIPE, **options)
        output, _ = process.communicate()
        try:
            with open(f"{directory}/{process.pid}") as log:
                text = log.read()
        except OSError:
            text = ""
    return subprocess.CompletedProcess(line, process.returncode, output), parse(text)


def parse(text):
    """Reads the totals out of a Valgrind log."""
    usage = re.search(r"total heap usage: ([\d,]+) allocs, ([\d,]+) frees, ([\d,]+) bytes allocated", text)
    live = re.search(r"in use at exit: ([\d,]+) bytes in ([\d,]+) blocks", text)
    if not usage or not live:
        return None
    allocations, frees, allocated = (int(part.replace(",", "")) for part in usage.groups())
    live_bytes, live_blocks = (int(part.replace(",", "")) for part in live.groups())
    return dict(zip(TOTALS, (allocations, frees, allocated, live_blocks, live_bytes)))


def differences(expected, found):
    """The totals that differ, as (name, expected, found)."""
    return [(name, expected[name], found.get(name)) for name in TOTALS if expected[name] != found.get(name)]


def main():
    parser = argparse.ArgumentParser(description="Heap totals by Valgrind.")
    parser.add_argument("--report", help="a report.json to compare with")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if not arguments.command:
        parser.error("no program given")
    ending, totals = run(arguments.command)
    sys.stdout.flush()
    os.write(1, ending.stdout)
    if totals is None:
        print("Valgrind gave no totals", file=sys.stderr)
        return 2
    print(json.dumps(totals))
    if not arguments.report:
        return 0
    with open(arguments.report) as file:
        found = differences(totals, json.load(file)["summary"])
    for name, expected, value in found:
        print(f"{name}: Valgrind {expected}, report {value}, difference {(value or 0) - expected:+}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Measures everything that has a budget and prints one table in Markdown: what, budget, measured, met or missed.

usage: budgets.py [--only NAME]... [--rounds N] [--scratch DIR] [--quick]

Builds what it needs first; the large programs take several minutes once. Each figure is the median of the rounds, with
the lowest and the highest in brackets. Wall-clock figures want a quiet machine: the load stands above the table.

    --only NAME     off, debug, pairs, stress, custody, heaptrack, engine, attribution, leaks, ledger, census, memory, start,
                    analysis, report, page or symbols
    --rounds N      how often everything is measured (5)
    --scratch DIR   where programs are built and kept (.build/benchmarks)
    --quick         as little work as possible, to see that every measurement runs; says nothing of speed
"""
import argparse
import os
import sys

import measurements
import run
from workbench import ROOT, Workbench


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = {measurement.__name__: measurement for measurement in measurements.ALL}
    parser.add_argument("--only", action="append", default=[], choices=known, metavar="NAME")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--scratch", default=os.path.join(ROOT, ".build", "benchmarks"), metavar="DIR")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    bench = Workbench(arguments.scratch, max(arguments.rounds, 1), arguments.quick)
    bench.products, bench.programs  # built before the load is looked at
    kind = "quick: shows that measurements run, not what they measure" if bench.quick else f"{bench.rounds} rounds"
    print(f"{run.machine()}; {kind}\n")
    print("| what | budget, at most | measured | |\n|---|---|---|---|", flush=True)
    missed = 0
    for name in arguments.only or known:
        for row in known[name](bench):
            if bench.quick:
                print(f"| {row.what} | {row.budget} | it runs | |", flush=True)
                continue
            missed += 0 if row.is_met else 1
            judgement = "" if row.budget == "–" else "met" if row.is_met else "**missed**"
            print(f"| {row.what} | {row.budget} | {row.measured()} | {judgement} |", flush=True)
    if not bench.quick:
        print(f"\nload at the end {os.getloadavg()[0]:.1f}; {missed} missed")


if __name__ == "__main__":
    sys.exit(main())

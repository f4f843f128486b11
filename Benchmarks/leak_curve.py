#!/usr/bin/env python3
"""How long a search for leaks takes, by the number of live blocks: measured, and drawn.

usage: leak_curve.py [--draw] [--rounds N] [--scratch DIR]

Writes Docs/leak-search.json, the numbers, and Docs/leak-search.svg, drawn from them. Wants 12 GB of memory and a quiet machine: of the
rounds the least is drawn as a point and taken for the line, because what runs beside can only add to it; a stroke goes up to the most.

    --draw          only draws, from the numbers that are there
    --rounds N      how often each size is measured (5)
    --scratch DIR   where programs are built and kept (.build/benchmarks)
"""
import argparse
import json
import math
import os

import run
from leak_measurements import searched
from workbench import ROOT, Workbench

NUMBERS = os.path.join(ROOT, "Docs", "leak-search.json")
DRAWING = os.path.join(ROOT, "Docs", "leak-search.svg")
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
SERIES = {  # key in the numbers: what it is called, and its colour
    "scan": ("the search, in the copy", "#0b6e99"),
    "pause": ("the threads stand still", "#b3541e"),
    "copy": ("of that, at the least: copying the process", "#6b6b6b"),
}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 460, 76, 24, 56, 96


def measure(bench):
    found = {}
    for blocks in SIZES:
        rounds = searched(bench, "held", blocks, 0, 1, bench.rounds)
        found[blocks] = {key: [one[key] for one in rounds] for key in SERIES}
        print(blocks, {key: round(min(values), 6) for key, values in found[blocks].items()}, flush=True)
    return {"machine": run.machine(), "unit": "seconds", "rounds": bench.rounds, "measured": found}


def fit(points):
    """The straight line nearest to the points by relative distance: what it starts with, what each block adds, and the largest
    share by which a point differs from it."""
    weights = [1 / (y * y) for _, y in points]
    total = sum(weights)
    middle_x = sum(w * x for w, (x, _) in zip(weights, points)) / total
    middle_y = sum(w * y for w, (_, y) in zip(weights, points)) / total
    slope = sum(w * (x - middle_x) * (y - middle_y) for w, (x, y) in zip(weights, points)) / sum(
        w * (x - middle_x) ** 2 for w, (x, _) in zip(weights, points))
    start = middle_y - slope * middle_x
    return start, slope, max(abs(start + slope * x - y) / y for x, y in points)


class Axes:
    """Both logarithmic, around everything that is drawn."""

    def __init__(self, sizes, times):
        self.low_x, self.high_x = math.log10(min(sizes)) - 0.15, math.log10(max(sizes)) + 0.15
        self.low_y, self.high_y = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def x(self, blocks):
        return LEFT + (math.log10(blocks) - self.low_x) / (self.high_x - self.low_x) * (WIDTH - LEFT - RIGHT)

    def y(self, seconds):
        share = (math.log10(seconds) - self.low_y) / (self.high_y - self.low_y)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def lines(self):
        for blocks in SIZES:
            x = self.x(blocks)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" class="grid"/>'
            yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{blocks:,} blocks</text>'.replace(",", " ")
        for power in range(self.low_y, self.high_y + 1):
            y, text = self.y(10 ** power), f"{10 ** power} s" if power >= 0 else f"{10 ** (power + 3):g} ms"
            yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" class="grid"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'


def said(line):
    start, slope, off = line
    return f"{start * 1e3:.1f} ms + {slope * 1e9:.0f} ns a block, within {off * 100:.0f} %"


def draw(numbers):
    measured = {int(blocks): values for blocks, values in numbers["measured"].items()}
    axes = Axes(measured, [time for values in measured.values() for times in values.values() for time in times])
    parts = list(axes.lines())
    for place, (key, (name, colour)) in enumerate(SERIES.items()):
        points = [(blocks, min(values[key])) for blocks, values in sorted(measured.items())]
        line = fit(points)
        first, last = min(SIZES), max(SIZES)
        steps = [first * (last / first) ** (i / 60) for i in range(61)]
        path = " ".join(f"{axes.x(x):.1f},{axes.y(max(line[0] + line[1] * x, 10 ** axes.low_y)):.1f}" for x in steps)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for blocks, least in points:
            times, x = measured[blocks][key], axes.x(blocks)
            parts.append(f'<line x1="{x:.1f}" y1="{axes.y(min(times)):.1f}" x2="{x:.1f}" y2="{axes.y(max(times)):.1f}" '
                         f'stroke="{colour}" stroke-width="1"/>')
            parts.append(f'<circle cx="{x:.1f}" cy="{axes.y(least):.1f}" r="4" fill="{colour}"/>')
        y = HEIGHT - BOTTOM + 42 + 18 * place
        parts.append(f'<circle cx="{LEFT + 4}" cy="{y - 4}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + 16}" y="{y}">{name}: {said(line)}</text>')
    style = "text{font:12px sans-serif;fill:#222}.grid{stroke:#ddd}"
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="Time of a search for leaks by live blocks">\n<style>{style}</style>\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--scratch", default=os.path.join(ROOT, ".build", "benchmarks"), metavar="DIR")
    arguments = parser.parse_args()
    if not arguments.draw:
        numbers = measure(Workbench(arguments.scratch, max(arguments.rounds, 1), quick=False))
        with open(NUMBERS, "w", encoding="utf-8") as file:
            json.dump(numbers, file, indent=1)
            file.write("\n")
    with open(NUMBERS, encoding="utf-8") as file:
        numbers = json.load(file)
    with open(DRAWING, "w", encoding="utf-8") as file:
        file.write(draw(numbers))


if __name__ == "__main__":
    main()

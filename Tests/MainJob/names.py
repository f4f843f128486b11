#!/usr/bin/env python3
"""Tells which share of a run's code addresses have a function's name, and fails below a threshold.

usage: names.py [--percent N] [--addresses MEMSCOPE] DIRECTORY

DIRECTORY holds a report, and with --addresses the capture that it was made of. Counted by the nodes of the report's
call tree, and with --addresses by the distinct addresses of the capture too, which takes time for large ones. Modules
whose files have no symbols to look in do not count: those the report says were stripped, and those that have no file.
A frame without a name is shown as `module+0xoffset`.
"""
import argparse
import json
import re
import struct
import subprocess
import sys

NAMELESS = re.compile(r"^(.+)\+0x[0-9a-f]+$|^0x[0-9a-f]+$")


def addresses_by_module(path):
    """How many distinct addresses of the capture each module has, by the module's path."""
    with open(path, "rb") as file:
        data = file.read()
    sections = {}
    for index in range(struct.unpack_from("<I", data, 16)[0]):
        kind, size, offset, count, _ = struct.unpack_from("<IIQQQ", data, 64 + 32 * index)
        sections[kind] = (size, offset, count)

    def text(at):
        start = sections[1][1] + at
        return data[start : data.index(b"\0", start)].decode(errors="replace")

    size, offset, count = sections[3]
    modules = [struct.unpack_from("<QQQI", data, offset + size * index) for index in range(count)]
    totals = {text(module[3]): 0 for module in modules}
    size, offset, count = sections[4]
    # Address 0 is the root's.
    for (address,) in struct.iter_unpack("<Q", data[offset : offset + size * count]):
        for start, end, _, name in modules:
            if start <= address < end:
                totals[text(name)] += 1
                break
    return totals


def addresses(memscope, directory, without_symbols):
    """The number of distinct addresses in modules with symbols, and the set of those that have no name."""
    totals = addresses_by_module(f"{directory}/capture.memscope")
    count = sum(number for path, number in totals.items() if path.rsplit("/", 1)[-1] not in without_symbols)
    # Collapsed stacks hold the whole tree, where the report's may be pruned.
    stacks = subprocess.run(
        [memscope, "export", "--format", "collapsed", "--metric", "allocations", f"{directory}/capture.memscope"],
        check=True, stdout=subprocess.PIPE).stdout.decode()
    names = {frame for line in stacks.splitlines() for frame in line.rsplit(" ", 1)[0].split(";")}
    matches = [match for match in map(NAMELESS.match, names) if match]
    return count, {
        match.group() for match in matches if (match.group(1) or "").rsplit("/", 1)[-1] not in without_symbols}


def main():
    parser = argparse.ArgumentParser(description="Tells which share of a run's code addresses have names.")
    parser.add_argument("--percent", type=float, default=95.0, metavar="N", help="fail below this share")
    parser.add_argument("--addresses", metavar="MEMSCOPE", help="count distinct addresses too, with this command")
    parser.add_argument("directory", metavar="DIRECTORY")
    arguments = parser.parse_args()
    with open(f"{arguments.directory}/report.json") as file:
        report = json.load(file)
    without_symbols = {
        module["path"].rsplit("/", 1)[-1]
        for module in report["process"]["modules"]
        if "stripped" in module["note"] or "vdso" in module["path"]
    }
    nodes = [node for node in report["callTree"]["nodes"] if node["module"] not in without_symbols]
    counted = [("nodes", len(nodes), [n["function"] for n in nodes if NAMELESS.match(n["function"])])]
    if arguments.addresses:
        counted.append(("addresses", *addresses(arguments.addresses, arguments.directory, without_symbols)))
    failed = False
    for what, count, nameless in counted:
        share = 100 * (1 - len(nameless) / count) if count else 0
        print(f"  names of {share:.2f} % of {count} {what}, without those of {', '.join(sorted(without_symbols))}")
        if share < arguments.percent:
            print("\n".join(sorted(set(nameless))[:20]))
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Searches again and again while threads work: in a copy of the process, and in the process itself, threads stopped by ptrace and
by a signal. Nothing may be left behind. Then with periodic reports besides, of which the latest few are kept.

TEST_SIZE=full searches 5 000 times instead of 200."""

import os
import shutil
import subprocess
import sys

from read_graph import Graph

SEARCHES = 5000 if os.environ.get("TEST_SIZE") == "full" else 200
# Rules of confined.c, and the share of the searches.
WAYS = (((), 1), (("no-child",), 4), (("no-copy",), 4))
KEEP = 3
# How much more there may be afterwards. The program's own allocator takes a mapping now and then, and memory with it; what one
# search left of either would be two hundred times as much.
MORE = {"actions": 0, "threads": 0, "files": 0, "children": 0, "mappings": 8, "resident": 8192 + 2 * SEARCHES}


def check_children(text):
    return [f"children: {line}" for line in text.splitlines() if line.startswith("children") and line != "children 0 0"]


def check_figures(text):
    wrong, seen = check_children(text), set()
    for line in text.splitlines():
        what, before, after = line.split()
        seen.add(what)
        if int(after) - int(before) > MORE[what]:
            wrong.append(f"{what}: {before} before, {after} afterwards")
    return wrong + [f"no figure of {what}" for what in MORE if what not in seen]


def check_periodic(output):
    """The reports that were made by themselves: the last ones are there, each of a search that was done."""
    numbers = sorted(int(name[len("export-"):]) for name in os.listdir(output) if name.startswith("export-"))
    # One more may be in the making, or going.
    if not KEEP <= len(numbers) <= KEEP + 1 or numbers[-1] - numbers[0] != len(numbers) - 1 or numbers[0] < 2:
        return [f"periodic reports {numbers}; {KEEP} were to be kept"]
    wrong, whole = [], 0
    for number in numbers:
        path = os.path.join(output, f"export-{number}", "capture.memscope")
        if os.path.exists(path):
            whole += 1
            wrong += [f"export-{number}: {sentence}" for sentence in Graph(path).check()]
    return wrong + ([] if whole >= KEEP - 1 else [f"of {numbers} only {whole} are whole"])


def check(build, library, rules, searches, periodic=False):
    output = os.path.join(build, "repeated-output")
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(output)
    environment = [
        f"LD_PRELOAD={library}", "MEMSCOPE=1", "MEMSCOPE_LEAKS=1", "MEMSCOPE_CLI=/bin/false", f"MEMSCOPE_OUTPUT={output}"]
    if periodic:
        environment += ["MEMSCOPE_EXPORT_EVERY=50ms", f"MEMSCOPE_EXPORT_KEEP={KEEP}"]
    confined = [os.path.join(build, "confined"), *rules, "--"]
    done = subprocess.run(
        [*confined, "env", *environment, os.path.join(build, "repeated"), str(searches)],
        capture_output=True, text=True, timeout=3600, check=False)
    if done.returncode != 0:
        return [f"ended with {done.returncode}: {done.stdout}{done.stderr[-500:]}"]
    return check_periodic(output) + check_children(done.stdout) if periodic else check_figures(done.stdout)


def main():
    build, library = sys.argv[1:3]
    failed = 0
    for rules, share in WAYS:
        for sentence in check(build, library, rules, SEARCHES // share):
            print(f"repeated, {' '.join(rules) or 'in a copy'}: {sentence}")
            failed = 1
    for sentence in check(build, library, (), 50, periodic=True):
        print(f"repeated, with periodic reports: {sentence}")
        failed = 1
    print(f"{SEARCHES} searches and more, {'something is left' if failed else 'and nothing is left of them'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

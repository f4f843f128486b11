"""Runs programs that know what changes hands in them, once with n of everything and once with 2n: what crosses each
boundary must differ by exactly n times the truth, and nothing else may cross one."""

import collections
import glob
import os
import re
import subprocess
import sys

from capture_file import CROSSINGS, MODULES, CaptureFile

NONE, PROGRAM, LENDER = None, "program", "liblender.so"
# What nobody can tell whose it is.
UNPLACED, UNPLACED_AND_KEPT = ("unknown", "all"), ("unknown", NONE)
# What crosses for each of n: (allocated in, freed in): (blocks, bytes). Freed in NONE is not freed.
TO_LENDER, FROM_LENDER = (PROGRAM, LENDER), (LENDER, PROGRAM)
CASES = {
    "plain_cases": {
        "lent_and_dropped": {FROM_LENDER: (1, 100)},
        "given_away": {TO_LENDER: (1, 200)},
        "at_home": {},
        "at_their_home": {},
        "copied_there": {FROM_LENDER: (1, 10)},
        # The block that the library lengthened is its own from then on.
        "stretched_there": {TO_LENDER: (1, 40), FROM_LENDER: (1, 400)},
        "stretched_here": {FROM_LENDER: (1, 50), TO_LENDER: (1, 500)},
        "dropped_in_callback": {},
        "lent_to_callback": {FROM_LENDER: (1, 70)},
        "given_to_a_thread": {TO_LENDER: (1, 80)},
        "never_freed": {(LENDER, NONE): (1, 90)},
        # A stream of 472 bytes.
        "stream_given_away": {TO_LENDER: (1, 472)},
        "stream_at_their_home": {},
        "plugins": {("plugin1.so", PROGRAM): (1, 1000), ("libswiftplugin.so", PROGRAM): (1, 2000)},
        "in_made_code": {UNPLACED: (2, 61), UNPLACED_AND_KEPT: (1, 31)},
    },
    "object_cases": {
        "built_and_given_away": {TO_LENDER: (1, 700)},
        "lent_and_deleted": {FROM_LENDER: (1, 700)},
        "containers_at_home": {},
        "thrown": {},
    },
    "swift_cases": {
        "givenAway": {TO_LENDER: (1, 208)},
        "lentAndDropped": {FROM_LENDER: (1, 112)},
        "atHome": {},
        "copiedThere": {FROM_LENDER: (1, 10)},
        # An array of 50 words behind a header of four.
        "releasedThere": {TO_LENDER: (1, 432)},
        "releasedInTurns": {TO_LENDER: (2, 864)},
        "releasedInCallback": {},
        "chainAtHome": {},
        "textsAtHome": {},
        "inATask": {FROM_LENDER: (1, 144), TO_LENDER: (1, 240)},
    },
}

# The library cannot call a runtime that the program has inside.
NOT_STATIC = ["releasedThere", "releasedInTurns"]
# When a task's own memory goes is the runtime's affair.
ENDS_LATER = ["inATask"]


def crossings(build, library, program, case, n):
    """(allocated in, freed in) to (blocks, bytes), of one run; and what is wrong with its capture."""
    output = os.path.join(build, "output")
    os.makedirs(output, exist_ok=True)
    path = os.path.join(output, "capture.memscope")
    if os.path.exists(path):
        os.unlink(path)
    environment = dict(
        os.environ, CUSTODY_DIRECTORY=build, MEMSCOPE="run", MEMSCOPE_CUSTODY="1", MEMSCOPE_RUN_PID=str(os.getpid()),
        MEMSCOPE_OUTPUT=output, LD_PRELOAD=library)
    subprocess.run([program, case, str(n)], env=environment, check=True, timeout=120)
    capture = CaptureFile(path)
    names = [os.path.basename(capture.text(module[3])) for module in capture.rows(MODULES, "<QQQIIII")]
    names = [PROGRAM if name == os.path.basename(program) else name for name in names]
    found = collections.defaultdict(lambda: (0, 0))

    def add(site, freed_in, blocks, size):
        key = (names[capture.sites[site][4] - 1], freed_in)
        found[key] = (found[key][0] + blocks, found[key][1] + size)

    seen = set()
    for site, module, frees, size in capture.rows(CROSSINGS, "<IIQQ"):
        seen |= {module, capture.sites[site][4] - 1}
        add(site, names[module], frees, size)
    for number, site in enumerate(capture.sites):
        live = (site[5] - site[6], site[8] - site[9])
        if site[4]:
            seen.add(site[4] - 1)
            if live[0]:
                add(number, NONE, *live)
        if site[1] & 4:
            for key, blocks, size in (UNPLACED, site[5], site[8]), (UNPLACED_AND_KEPT, *live):
                found[key] = (found[key][0] + blocks, found[key][1] + size)
    wrong = [] if capture.counters["custody"] == 1 else ["the capture does not say that there was custody"]
    # A library that is loaded again is the same one.
    twice = [name for name, times in collections.Counter(names[module] for module in seen).items() if times > 1]
    if twice:
        wrong.append(f"several modules are {', '.join(twice)}")
    if capture.counters["freedByUnknown"] or capture.counters["crossingsLost"]:
        wrong.append(f"{capture.counters['freedByUnknown']} freed by unknown code, {capture.counters['crossingsLost']} lost")
    return found, wrong


def check(build, library, program, case, truth):
    """What is wrong, one sentence each."""
    n = 50
    (few, wrong), (many, more_wrong) = (crossings(build, library, program, case, count) for count in (n, 2 * n))
    for key in set(few) | set(many) | set(truth):
        blocks, size = truth.get(key, (0, 0))
        if key[1] is NONE and case in ENDS_LATER:
            continue
        difference = (many[key][0] - few[key][0], many[key][1] - few[key][1])
        if difference != (n * blocks, n * size):
            wrong.append(f"{key}: {difference} more with {n} more; the truth is {(n * blocks, n * size)}")
    return wrong + more_wrong


def quoted(path, name):
    """The texts in the first braces or brackets after a name in a source."""
    with open(path, encoding="utf-8") as file:
        rest = file.read().split(name, 1)[1]
    return re.findall(r'"([^"]+)"', re.match(r"[^{\[]*=\s*[{\[]([^}\]]*)", rest, re.DOTALL).group(1))


def check_names():
    """The hooks and the report know the same libraries as runtimes."""
    sources = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources")
    hooks = os.path.join(sources, "MemScopeShim", "Custody", "code_module.c")
    names, beginnings = quoted(hooks, "const names[]"), tuple(quoted(hooks, "const beginnings[]"))
    report = os.path.join(sources, "MemScopeSymbols", "Names", "RoleRules.swift")
    modules, prefixes = quoted(report, "let systemModules: Set<String>"), quoted(report, "let systemPrefixes")
    return [f"the report takes {name} for a runtime, the hooks do not"
            for name in modules if name not in names and not name.startswith(beginnings)] + [
        f"the hooks take {name} for a runtime, the report does not" for name in names if name not in modules] + [
        f"the report takes {name}* for runtimes, the hooks do not" for name in prefixes if name not in beginnings]


def main():
    build, library, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    failed = ran = 0
    for sentence in check_names():
        print(sentence)
        failed = 1
    for family, cases in CASES.items():
        programs = sorted(glob.glob(os.path.join(build, family + "-*")))
        if not programs:
            print(f"skipped: {family}, which was not built")
        for program in programs:
            for case, truth in cases.items():
                if names and case not in names:
                    continue
                if program.endswith("-static") and case in NOT_STATIC:
                    continue
                ran += 1
                for sentence in check(build, library, program, case, truth):
                    print(f"{os.path.basename(program)} {case}: {sentence}")
                    failed = 1
    print(f"{ran} cases, {'not all as the truth is' if failed else 'each exactly as the truth is'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

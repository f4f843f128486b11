"""Runs programs that were written for LeakSanitizer, with its runtime and under `memscope run --leaks`: what their checks say, and how they
end, must be the same."""

import json
import os
import re
import shutil
import subprocess
import sys

N = "50"
# What memscope run says of the case: blocks that leaked in the end, and that the program ignored; None where there is no last search.
INTERFACE = {
    "disabled": (1, 100),
    "disabled_and_below": (0, 51),
    "disabled_elsewhere": (50, 0),
    "ignored_object": (0, 200),
    "ignored_and_freed": (50, 0),
    "ignored_and_grown": (50, 0),
    "root_region": (50, 0),
    "root_region_with_hole": (0, 0),
    "recoverable_twice": (50, 0),
    "recoverable_while_held": (100, 0),
    "last_check_with_leaks": (50, 0),
    "last_check_without": (None, 0),
    "held_at_odd_addresses": (50, 0),
    "nothing": (0, 0),
    "lost_at_end": (50, 0),
}
DEFINITIONS = {
    "suppressed": (0, 0),
    "lost_beside_suppressed": (50, 0),
    "held_by_global_that_is_no_root": (1, 0),
}


def run(command, **environment):
    """Standard output, status, and what is said beside."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MEMSCOPE_", "LSAN_"))}
    ended = subprocess.run(command, env=dict(inherited, **environment), capture_output=True, text=True, timeout=120)
    return ended.stdout, ended.returncode, ended.stderr


def tracked(build, *options, program, case, **environment):
    """As run, under MemScope, with the report."""
    output = os.path.join(build, "output")
    shutil.rmtree(output, ignore_errors=True)
    command = [os.environ["MEMSCOPE"], "run", "--library", os.environ["MEMSCOPE_LIBRARY"], "--leaks", "--output", output, *options, "--",
               os.path.join(build, program), case, N]
    outcome = run(command, **environment)
    path = os.path.join(output, "report.json")
    report = None
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    return outcome, report


def check_case(build, program, case, truth):
    """What is wrong, one sentence each."""
    theirs = run([os.path.join(build, program + "-fsanitize=leak"), case, N])
    ours, report = tracked(build, "--error-exitcode", "23", program=program, case=case)
    wrong = []
    if ours[0] != theirs[0]:
        wrong.append(f"the checks say {ours[0].split()} and not {theirs[0].split()}")
    if ours[1] != theirs[1]:
        wrong.append(f"it ends with {ours[1]} and not {theirs[1]}: {ours[2]}")
    if report is None:
        return wrong + [f"there is no report: {ours[2]}"]
    leaks = report["leaks"]
    if (leaks["blocks"], leaks["ignoredBlocks"]) != truth:
        wrong.append(f"{leaks['blocks']} blocks leaked and {leaks['ignoredBlocks']} were ignored, and not {truth}")
    if truth[0] is None and "__lsan_do_leak_check" not in report["notCollected"].get("leaks", ""):
        wrong.append("the report does not say that the program had leaks looked for")
    said = [line for line in ours[2].splitlines() if re.match(r"memscope: .*(error|cannot|failed)", line)]
    return wrong + said


def check_without_status(build):
    """Without --error-exitcode a check in place of the last one changes nothing about how the program ends; its report is beside."""
    ours, report = tracked(build, program="interface_cases", case="last_check_with_leaks")
    wrong = []
    if (ours[0], ours[1]) != ("before 0\nafter 0\n", 0):
        wrong.append(f"it says {ours[0].split()} and ends with {ours[1]}")
    if report is None or report["leaks"]["blocks"] is not None:
        wrong.append("leaks were looked for twice")
    path = os.path.join(build, "output", "leak-check", "report.json")
    if not os.path.exists(path):
        return wrong + [f"the check has left no report: {ours[2]}"]
    with open(path, encoding="utf-8") as file:
        if json.load(file)["leaks"]["blocks"] != 50:
            wrong.append("the check's report has not what leaked")
    return wrong


def check_other_runtime(build):
    """A program whose runtime is a library: MemScope steps aside, and passes on what it exports."""
    if not os.path.exists(os.path.join(build, "interface_cases-gcc")):
        print("skipped: a program with GCC's runtime, which was not built")
        return []
    wrong = []
    for case in ("disabled", "root_region", "recoverable_twice"):
        theirs = run([os.path.join(build, "interface_cases-gcc"), case, N])
        ours, _ = tracked(build, program="interface_cases-gcc", case=case)
        if ours[:2] != theirs[:2] or "sanitizer" not in ours[2]:
            wrong.append(f"{case}: {ours[:2]} and not {theirs[:2]}, and {ours[2]}")
    return wrong


def check_roots(build):
    """Each class of roots can be switched off, which the report says, and then what only that leads to is reported."""
    wrong = []
    for value, program, case, leaks in (
        ("-globals", "block_cases", "held_by_global", True), ("stacks,registers,tls,mappings", "block_cases", "held_by_global", True),
        ("-stacks", "block_cases", "held_by_global", False), ("-tls", "thread_cases", "held_by_thread_local", True),
        ("-tls", "thread_cases", "held_by_main_thread_local", True), ("-mappings", "block_cases", "held_by_mapping", True),
        ("-stacks", "thread_cases", "held_by_stack", True), ("-registers", "thread_cases", "held_by_register", True),
        ("-registers", "thread_cases", "held_by_stack", False),
    ):
        _, report = tracked(build, program=program, case=case, MEMSCOPE_LEAK_ROOTS=value)
        _, usual = tracked(build, program=program, case=case)
        found = report["leaks"]["blocks"]
        if (found > 0) != leaks or usual["leaks"]["blocks"] != 0:
            wrong.append(f"{case}: {found} blocks leak with MEMSCOPE_LEAK_ROOTS={value}, {usual['leaks']['blocks']} without")
        says = [note for note in report["capture"]["notes"] if "as roots" in note]
        if len(says) != 1 or len(report["leaks"]["roots"]) != 4 or len(usual["leaks"]["roots"]) != 5:
            wrong.append(f"{case}: the report says {report['leaks']['roots']} and {says}")
    for options in ("use_globals=0", "verbosity=0,use_globals=no"):
        _, report = tracked(build, program="block_cases", case="held_by_global", LSAN_OPTIONS=options)
        theirs = run([os.path.join(build, "block_cases-fsanitize=leak"), "held_by_global", N], LSAN_OPTIONS=options)
        if report["leaks"]["blocks"] == 0 or theirs[1] != 23:
            wrong.append(f"LSAN_OPTIONS={options}: {report['leaks']['blocks']} blocks leak, and LeakSanitizer ends with {theirs[1]}")
    ours, report = tracked(build, program="block_cases", case="held_by_global", LSAN_OPTIONS="use_globals=0", MEMSCOPE_LEAK_ROOTS="-registers")
    if "globals" not in report["leaks"]["roots"]:
        wrong.append("LSAN_OPTIONS goes before MEMSCOPE_LEAK_ROOTS")
    ours, report = tracked(build, program="block_cases", case="held_by_global", MEMSCOPE_LEAK_ROOTS="stacks,-globals")
    if ours[2].count("MEMSCOPE_LEAK_ROOTS must be a list of") != 1 or len(report["leaks"]["roots"]) != 5:
        wrong.append(f"a value that makes no sense: {ours[2]}")
    return wrong


def check_unaligned(build):
    wrong = []
    for value, blocks in ((None, int(N)), ("+unaligned", 0)):
        environment = {"MEMSCOPE_LEAK_ROOTS": value} if value else {}
        _, report = tracked(build, program="interface_cases", case="held_at_odd_addresses", **environment)
        theirs = run([os.path.join(build, "interface_cases-fsanitize=leak"), "held_at_odd_addresses", N],
                     LSAN_OPTIONS="use_unaligned=1" if value else "")
        if report["leaks"]["blocks"] != blocks or (theirs[1] == 23) != (blocks > 0):
            wrong.append(f"{value}: {report['leaks']['blocks']} blocks leak and not {blocks}; LeakSanitizer ends with {theirs[1]}")
    return wrong


def main():
    build, names = sys.argv[1], sys.argv[2:]
    failed = ran = 0
    for program, cases in (("interface_cases", INTERFACE), ("definition_cases", DEFINITIONS)):
        for case, truth in cases.items():
            if names and case not in names:
                continue
            ran += 1
            for sentence in check_case(build, program, case, truth):
                print(f"{program} {case}: {sentence}")
                failed = 1
    for check in (check_without_status, check_other_runtime, check_roots, check_unaligned):
        if names and check.__name__ not in names:
            continue
        ran += 1
        for sentence in check(build):
            print(f"{check.__name__}: {sentence}")
            failed = 1
    print(f"{ran} programs for LeakSanitizer, {'not all as with it' if failed else 'each as with it'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

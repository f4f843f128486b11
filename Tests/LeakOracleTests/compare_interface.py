"""Runs programs that were written for LeakSanitizer, with its runtime and under `memscope run --leaks`: what their checks say, and how they
end, must be the same."""

import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "LeakTests"))
from read_graph import Graph  # noqa: E402

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
    usual = 4 if program == "definition_cases" else 5
    if truth[0] is not None and len(leaks["roots"]) != usual:
        wrong.append(f"the roots are {leaks['roots']}")
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


def captured(build, program, case, **environment):
    """Leaked blocks and the classes of roots that were searched, as the capture has them; no tool takes part."""
    output = os.path.join(build, "captures")
    os.makedirs(output, exist_ok=True)
    path = os.path.join(output, "capture.memscope")
    if os.path.exists(path):
        os.unlink(path)
    said = run([os.path.join(build, program), case, N], LD_PRELOAD=os.environ["MEMSCOPE_LIBRARY"], MEMSCOPE="run", MEMSCOPE_LEAKS="1",
               MEMSCOPE_RUN_PID=str(os.getpid()), MEMSCOPE_OUTPUT=output, **environment)[2]
    graph = Graph(path)
    return graph.counters["leakedBlocks"], graph.properties["leakRoots"].split(","), said


def check_roots(build):
    """Each class of roots can be switched off, and then what only that leads to is reported."""
    wrong = []
    for value, program, case, leaks in (
        (None, "block_cases", "held_by_global", False), ("-globals", "block_cases", "held_by_global", True),
        ("stacks,registers,tls,mappings", "block_cases", "held_by_global", True), ("-stacks", "block_cases", "held_by_global", False),
        ("-tls", "thread_cases", "held_by_thread_local", True), ("-tls", "thread_cases", "held_by_main_thread_local", True),
        ("-mappings", "block_cases", "held_by_mapping", True), ("-stacks", "thread_cases", "held_by_stack", True),
        ("-registers", "thread_cases", "held_by_stack", False),
    ) + ((("-registers", "thread_cases", "held_by_register", True),) if os.uname().machine == "x86_64" else ()):
        found, roots, said = captured(build, program, case, **({"MEMSCOPE_LEAK_ROOTS": value} if value else {}))
        if (found > 0) != leaks or len(roots) != (4 if value else 5) or said:
            wrong.append(f"{case}: {found} blocks leak with MEMSCOPE_LEAK_ROOTS={value}: {roots} {said}")
    for options in ("use_globals=0", "verbosity=0,use_globals=no"):
        found, roots, _ = captured(build, "block_cases", "held_by_global", LSAN_OPTIONS=options)
        theirs = run([os.path.join(build, "block_cases-fsanitize=leak"), "held_by_global", N], LSAN_OPTIONS=options)
        if found == 0 or "globals" in roots or theirs[1] != 23:
            wrong.append(f"LSAN_OPTIONS={options}: {found} blocks leak, {roots}, and LeakSanitizer ends with {theirs[1]}")
    found, roots, _ = captured(build, "block_cases", "held_by_global", LSAN_OPTIONS="use_globals=0", MEMSCOPE_LEAK_ROOTS="-registers")
    if found or "globals" not in roots:
        wrong.append("LSAN_OPTIONS goes before MEMSCOPE_LEAK_ROOTS")
    for value in ("stacks,-globals", "heap", "stacks,", "-"):
        found, roots, said = captured(build, "block_cases", "held_by_global", MEMSCOPE_LEAK_ROOTS=value)
        if found or len(roots) != 5 or said.count("MEMSCOPE_LEAK_ROOTS must be a list of") != 1:
            wrong.append(f"MEMSCOPE_LEAK_ROOTS={value}, which makes no sense: {roots} {said}")
    return wrong


def check_unaligned(build):
    """Words at odd addresses count on request, as with LeakSanitizer."""
    wrong = []
    for value, blocks in ((None, int(N)), ("+unaligned", 0)):
        found, _, _ = captured(build, "interface_cases", "held_at_odd_addresses", **({"MEMSCOPE_LEAK_ROOTS": value} if value else {}))
        theirs = run([os.path.join(build, "interface_cases-fsanitize=leak"), "held_at_odd_addresses", N],
                     LSAN_OPTIONS="use_unaligned=1" if value else "")
        if found != blocks or (theirs[1] == 23) != (blocks > 0):
            wrong.append(f"{value}: {found} blocks leak and not {blocks}; LeakSanitizer ends with {theirs[1]}")
    return wrong


def check_exports(build):
    """A leak is new in one of the reports that a running program writes, and in none of the later ones."""
    output = os.path.join(build, "exports")
    shutil.rmtree(output, ignore_errors=True)
    command = [os.environ["MEMSCOPE"], "run", "--library", os.environ["MEMSCOPE_LIBRARY"], "--leaks", "--output", output, "--",
               os.path.join(build, "interface_cases"), "lost_while_exporting", N]
    said = run(command, MEMSCOPE_EXPORT_SIGNAL="USR2", MEMSCOPE_EXPORT_KEEP="9")
    changes = []
    for place in ("export-1", "export-2", "export-3", "."):
        path = os.path.join(output, place, "report.json")
        if not os.path.exists(path):
            return [f"there is no report in {place}: {said}"]
        with open(path, encoding="utf-8") as file:
            leaks = json.load(file)["leaks"]
        changes.append([leaks[key] for key in ("blocks", "newBlocks", "knownBlocks", "goneBlocks")])
    n = int(N)
    truth = [[n, None, None, None], [n, 0, n, 0], [2 * n, n, n, 0], [2 * n, 0, 2 * n, 0]]
    if changes != truth or os.path.exists(os.path.join(output, ".known-leaks")):
        return [f"blocks, new, known and gone are {changes} and not {truth}; {os.listdir(output)}"]
    return []


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
    for check in (check_without_status, check_other_runtime, check_roots, check_unaligned, check_exports):
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

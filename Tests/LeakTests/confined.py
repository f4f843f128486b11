"""Looks for leaks where a container or a service manager forbids something: under `memscope run --leaks`, without privileges, in new
namespaces, with filters, with a limit on processes. What leaked must be found as anywhere, or it must be said that it was not looked for."""

import json
import os
import subprocess
import sys
import tempfile

from read_graph import Graph

N, SIZE = 100, 48  # of `block_cases lost`
BY_SIGNAL = "stopped by a signal"
IN_PLACE = "in the program itself"
# The rules of confined.c around all of `memscope run`, the program and its case, whether leaks are found, and what is said.
RUNS = [
    ([], "block_cases lost", True, []),
    (["own-proc"], "block_cases lost", True, []),
    (["own-proc", "no-ptrace"], "block_cases lost", True, [BY_SIGNAL, "not permitted"]),
    (["own-proc", "deadly-ptrace"], "block_cases lost", True, [BY_SIGNAL, "is killed"]),
    (["old-proc"], "block_cases lost", False, ["cannot be listed", "could not be stopped"]),
    (["old-proc", "no-ptrace"], "block_cases lost", False, ["cannot be listed", "could not be stopped"]),
    (["no-ptrace"], "thread_cases deaf_threads", True, [BY_SIGNAL]),
    (["no-ptrace"], "thread_cases threads_deaf_to_everything", False, ["did not answer"]),
    (["no-ptrace"], "thread_cases two_thousand_threads", True, [BY_SIGNAL]),
]
# The same around the program alone, preloaded. Its main thread and two of MemScope's are three; then there is one process more, or not.
PRELOADED = [
    (["few-processes=4"], "block_cases lost", [IN_PLACE]),
    (["few-processes=3"], "block_cases lost", [IN_PLACE, BY_SIGNAL, "no helper"]),
    (["no-ptrace", "no-child"], "block_cases lost", [IN_PLACE, BY_SIGNAL]),
    (["own-proc", "no-ptrace"], "block_cases cycle", [BY_SIGNAL]),
]
# Checks that cannot be made: options, what the program says and ends with, and what is said beside.
CHECKED = [
    (["--error-exitcode", "42"], ("check 1\n", 70), ["did not answer", "ends with status 70", "does not call success"]),
    ([], ("check 1\nafter\n", 0), ["did not answer", "leaks could not be looked for"]),
]
# How many processes and threads there may be, and whether a report is rendered: the program's three, one that waits for the tool, the
# tool, and the tool's threads.
RENDERED = [(3, False), (4, False), (24, True)]
REFUSED = 77


def confined(build, rules):
    return [os.path.join(build, "confined"), *rules, "--"]


def expected(program):
    """Blocks and bytes of n of the case."""
    return {"block_cases lost": (N, SIZE * N), "block_cases cycle": (2 * N, 2 * SIZE * N)}.get(program, (N, 64 * N))


def missing(words, text):
    return [f"it is not said: {word}: {text!r}" for word in words if word.lower() not in text.lower()]


def run(build, tool, rules, program, is_found, words):
    """What is wrong with one run, one sentence each, and nothing else; or `None`, and why the kernel does not let it be made."""
    with tempfile.TemporaryDirectory(dir=build) as output:
        name, case = program.split()
        command = [*confined(build, rules), tool, "run", "--leaks", "--output", output, "--", os.path.join(build, name), case, str(N)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode == REFUSED:
            return None, done.stdout.strip()
        if done.returncode != 0:
            return [f"ended with {done.returncode}: {done.stdout}{done.stderr}"], ""
        with open(os.path.join(output, "report.json"), encoding="utf-8") as file:
            report = json.load(file)
    reason = report["notCollected"].get("leaks")
    if not is_found:
        if reason is None:
            return ["a search is claimed"], ""
        return missing(words, reason) + (["leaks are reported"] if report["leaks"]["blocks"] else []), ""
    if reason is not None:
        return [reason], ""
    wrong = missing(words, " ".join(report["capture"]["notes"]))
    found = (report["leaks"]["blocks"], report["leaks"]["bytes"])
    if found != expected(program):
        wrong.append(f"{found} blocks and bytes are found; the truth is {expected(program)}")
    if report["leaks"]["pauseNanoseconds"] == 0:
        wrong.append("how long the program stood still is not said")
    return wrong, ""


def run_preloaded(build, library, rules, program, words):
    with tempfile.TemporaryDirectory(dir=build) as output:
        os.chmod(output, 0o777)
        name, case = program.split()
        # Not LD_PRELOAD for the launcher: its own copy of the library would count among the processes.
        environment = [f"LD_PRELOAD={library}", "MEMSCOPE=1", "MEMSCOPE_CLI=/bin/false", "MEMSCOPE_LEAKS=1", f"MEMSCOPE_OUTPUT={output}"]
        done = subprocess.run(
            [*confined(build, rules), "env", *environment, os.path.join(build, name), case, str(N)],
            capture_output=True, text=True, timeout=300, check=False)
        if done.returncode == REFUSED:
            return None, done.stdout.strip()
        path = os.path.join(output, "capture.memscope")
        if not os.path.exists(path):
            return [f"no capture, and {done.returncode}: {done.stdout}{done.stderr}"], ""
        graph = Graph(path)
    wrong = graph.check() + missing(words, graph.properties.get("leakScanComplaint", ""))
    found = (graph.counters.get("leakedBlocks"), graph.counters.get("leakedBytes"))
    if found != expected(program):
        wrong.append(f"{found} blocks and bytes are found; the truth is {expected(program)}")
    if IN_PLACE in words and graph.counters["leakScanPause"] < graph.counters["leakScanTime"]:
        wrong.append("the program stood still for less than the search took")
    return wrong, ""


def check_status(build, tool, options, ending, words):
    """How a program ends that asks for checks (LeakSanitizer's functions) that cannot be made, and what is said."""
    with tempfile.TemporaryDirectory(dir=build) as output:
        command = [*confined(build, ["no-ptrace"]), tool, "run", "--leaks", *options, "--output", output, "--",
                   os.path.join(build, "thread_cases"), "checked_among_deaf_threads", str(N)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        wrong = missing(words, done.stderr)
        if (done.stdout, done.returncode) != ending:
            wrong.append(f"it says {done.stdout.split()} and ends with {done.returncode}: {done.stderr}")
        with open(os.path.join(output, "report.json"), encoding="utf-8") as file:
            wrong += missing(["did not answer"], json.load(file)["notCollected"].get("leaks", ""))
    return wrong


def check_rendering(build, library, tool, processes, is_rendered):
    """A preloaded program renders its report by the tool, which takes two processes more; where they cannot be made, the capture must stay."""
    with tempfile.TemporaryDirectory(dir=build) as output:
        os.chmod(output, 0o777)
        environment = [f"LD_PRELOAD={library}", "MEMSCOPE=1", f"MEMSCOPE_CLI={tool}", "MEMSCOPE_LEAKS=1", f"MEMSCOPE_OUTPUT={output}"]
        done = subprocess.run(
            [*confined(build, [f"few-processes={processes}"]), "env", *environment, os.path.join(build, "block_cases"), "lost", str(N)],
            capture_output=True, text=True, timeout=300, check=False)
        if done.returncode == REFUSED:
            return None, done.stdout.strip()
        left = sorted(name for name in os.listdir(output) if not name.startswith("."))
    wrong = [] if done.returncode == 0 else [f"ended with {done.returncode}"]
    if ("report.json" in left, "capture.memscope" in left) != (is_rendered, not is_rendered):
        wrong.append(f"left are {left}: {done.stderr}")
    if ("could not be rendered" in done.stderr) == is_rendered:
        wrong.append(f"it is said: {done.stderr}")
    return wrong, ""


def attempts(build, library, tool):
    """Rules, program, and what `run` returns, of each."""
    for rules, program, is_found, words in RUNS:
        yield rules, program, *run(build, tool, rules, program, is_found, words)
    for options, ending, words in CHECKED:
        yield ["no-ptrace"], f"checks {' '.join(options)}", check_status(build, tool, options, ending, words), ""
    for processes, is_rendered in RENDERED:
        yield [f"few-processes={processes}"], "rendering", *check_rendering(build, library, tool, processes, is_rendered)
    for rules, program, words in PRELOADED:
        yield rules, program, *run_preloaded(build, library, rules, program, words)


def main():
    failed = skipped = 0
    for rules, program, wrong, refusal in attempts(*sys.argv[1:4]):
        what = f"{program}, {' and '.join(rules) or 'free'}"
        if wrong is None:
            skipped += 1
            print(f"skipped: {what}: {refusal}")
            continue
        for sentence in wrong:
            print(f"{what}: {sentence}")
        failed |= bool(wrong)
    tried = len(RUNS) + len(CHECKED) + len(RENDERED) + len(PRELOADED) - skipped
    print(f"{tried} ways of confinement, {'not all as the truth is' if failed else 'each as the truth is'}; {skipped} skipped")
    # One of them needs nothing that a kernel may refuse.
    return failed or tried == 0


if __name__ == "__main__":
    sys.exit(main())

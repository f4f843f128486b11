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


def attempts(build, library, tool):
    """Rules, program, and what `run` returns, of each."""
    for rules, program, is_found, words in RUNS:
        yield rules, program, *run(build, tool, rules, program, is_found, words)
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
    tried = len(RUNS) + len(PRELOADED) - skipped
    print(f"{tried} ways of confinement, {'not all as the truth is' if failed else 'each as the truth is'}; {skipped} skipped")
    # One of them needs nothing that a kernel may refuse.
    return failed or tried == 0


if __name__ == "__main__":
    sys.exit(main())

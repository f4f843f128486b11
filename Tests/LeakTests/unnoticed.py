"""Reports are made of programs that listen for children of theirs. They must hear of none, and the reports must be whole whatever is done with
SIGCHLD. Nor do reports that were missed, while a program stood still, come all at once."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

REPORTS = 3
# Kilobytes of the program's that may stay in the copy that waits for the tool; the program has 96 MiB.
KEPT = 24 * 1024
# Stands in for the tool, and writes down how much memory its parent still has, when that is as little as it must become.
STAND_IN = """#!/bin/sh
kept() { sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$PPID/status; }
tries=0
while [ "$(kept)" -gt %d ] && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
echo "$(kept)" >>"$TOOL_LOG"
""" % KEPT
EVERY = 0.2
MISSED = 12


def environment(build, output, library, **more):
    return {**os.environ, "MEMSCOPE": "1", "MEMSCOPE_OUTPUT": output, "MEMSCOPE_LEAKS": "1", "LD_PRELOAD": library,
            "TOOL_LOG": os.path.join(output, "tool.log"), **more}


def said(text):
    """What the program prints, by name."""
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2])))


def check_heard(figures):
    return [f"{figures.get(what)} {what} of MemScope's are seen" for what in ("children", "signals") if figures.get(what) != 0]


def check_reports(build, library, way):
    with tempfile.TemporaryDirectory(dir=build) as output:
        stand_in = os.path.join(output, "stand-in")
        with open(stand_in, "w", encoding="utf-8") as file:
            file.write(STAND_IN)
        os.chmod(stand_in, 0o755)
        done = subprocess.run(
            [os.path.join(build, "unnoticed"), way, str(REPORTS)],
            env=environment(build, output, library, MEMSCOPE_CLI=stand_in, MEMSCOPE_EXPORT_EVERY="100ms"),
            capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            return [f"ended with {done.returncode}: {done.stdout}{done.stderr}"]
        with open(os.path.join(output, "tool.log"), encoding="utf-8") as file:
            kept = [int(line) for line in file]
    wrong = check_heard(said(done.stdout))
    if done.stderr:
        wrong.append(f"complaints: {done.stderr}")
    return wrong + [f"the copy that waits keeps {kilobytes} kB" for kilobytes in kept if kilobytes > KEPT]


def check_answer(build, library, tool):
    """What leaks is said, and what is suppressed is not, whoever takes the children."""
    wrong = []
    with tempfile.TemporaryDirectory(dir=build) as output:
        suppressions = os.path.join(output, "suppressions")
        with open(suppressions, "w", encoding="utf-8") as file:
            file.write("leak:losing\n")
        for more, answer in (({"MEMSCOPE_SUPPRESSIONS": suppressions}, 0), ({}, 1)):
            done = subprocess.run(
                [os.path.join(build, "unnoticed"), "check"], env=environment(build, output, library, MEMSCOPE_CLI=tool, **more),
                capture_output=True, text=True, timeout=300, check=False)
            figures = said(done.stdout)
            if figures.get("leaked") != answer:
                wrong.append(f"whether anything leaked: {figures.get('leaked')}, not {answer}: {done.stderr}")
            wrong += check_heard(figures)
    return wrong


def reports_of(output):
    return max((int(name[len("export-"):]) for name in os.listdir(output) if name.startswith("export-")), default=0)


def check_rest(build, library):
    """A program that stood still is not busy with reports afterwards: they come at their times."""
    with tempfile.TemporaryDirectory(dir=build) as output:
        program = subprocess.Popen(
            [os.path.join(build, "unnoticed"), "idle"],
            env=environment(build, output, library, MEMSCOPE_LEAKS="0", MEMSCOPE_EXPORT_EVERY=f"{int(EVERY * 1000)}ms"))
        try:
            while reports_of(output) == 0:
                time.sleep(0.01)
            program.send_signal(signal.SIGSTOP)
            time.sleep(MISSED * EVERY)
            before = reports_of(output)
            program.send_signal(signal.SIGCONT)
            began = time.monotonic()
            # One may be in the making, the next be due at once, and another soon.
            wanted = MISSED // 2 + 3
            while reports_of(output) < before + wanted:
                time.sleep(0.002)
            took = time.monotonic() - began
        finally:
            program.kill()
            program.wait()
    least = (wanted - 3) * EVERY
    return [] if took >= least else [f"{wanted} reports came within {took:.2f} s, where one is wanted every {EVERY} s"]


def main():
    build, library, tool = sys.argv[1:4]
    # All at once: they wait more than they work.
    with ThreadPoolExecutor() as pool:
        begun = [(way, pool.submit(check_reports, build, library, way)) for way in ("wait", "handle", "ignore")]
        begun += [("check", pool.submit(check_answer, build, library, tool)), ("idle", pool.submit(check_rest, build, library))]
        checks = [(name, check.result()) for name, check in begun]
    for name, wrong in checks:
        for sentence in wrong:
            print(f"unnoticed {name}: {sentence}")
    failed = any(wrong for _, wrong in checks)
    print(f"{len(checks)} programs that listen, {'not all hear nothing' if failed else 'and none hears of MemScope'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

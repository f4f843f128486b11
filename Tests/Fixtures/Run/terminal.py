#!/usr/bin/env python3
"""Drives `memscope run` from a terminal of its own and says as JSON what came of it.

usage: terminal.py SCENARIO MEMSCOPE ARGUMENT...    (MEMSCOPE and its arguments up to and including `--`)
"""
import json
import os
import pty
import re
import resource
import select
import signal
import sys
import time

PATIENCE = 30


def read_until(terminal, text, collected):
    """Collects what the terminal shows until the pattern `text` has been seen; returns the match."""
    end = time.monotonic() + PATIENCE
    while not re.search(text, collected[0]):
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        if not ready:
            raise SystemExit(json.dumps({"error": f"never saw {text!r}", "output": collected[0].decode(errors="replace")}))
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            piece = b""
        if not piece:
            raise SystemExit(json.dumps({"error": f"ended before {text!r}", "output": collected[0].decode(errors="replace")}))
        collected[0] += piece
    return re.search(text, collected[0])


def drain(terminal, collected):
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return
        if not piece:
            return
        collected[0] += piece


def state(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def wait_state(pid, wanted):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if state(pid) in wanted:
            return True
        time.sleep(0.01)
    return False


def on_terminal(arguments):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(arguments[0], arguments)
    return pid, terminal


def interrupt(run):
    """Ctrl-C: the program catches it and takes its time; run must be there until the end."""
    # os.write, because the signal may come while print() is still at work on "ready".
    program = "import os,signal,sys,time\n"
    program += "def caught(*_):\n    os.write(1,b'caught\\n');time.sleep(0.3);os.write(1,b'done\\n');sys.exit(7)\n"
    program += "signal.signal(signal.SIGINT,caught)\nos.write(1,b'ready\\n')\nwhile True: time.sleep(1)"
    pid, terminal = on_terminal(run + [sys.executable, "-c", program])
    seen = [b""]
    read_until(terminal, b"ready", seen)
    os.write(terminal, b"\x03")
    drain(terminal, seen)
    _, status = os.waitpid(pid, 0)
    return {"exit": os.waitstatus_to_exitcode(status), "output": seen[0].decode()}


def interrupt_default(run):
    """Ctrl-C on a program that does not care: both end by SIGINT."""
    pid, terminal = on_terminal(run + ["/bin/sh", "-c", "echo ready; exec sleep 100"])
    seen = [b""]
    read_until(terminal, b"ready", seen)
    os.write(terminal, b"\x03")
    drain(terminal, seen)
    _, status = os.waitpid(pid, 0)
    return {"exit": os.waitstatus_to_exitcode(status)}


def suspend(run):
    """Ctrl-Z stops both, SIGCONT to the group continues both, as a shell's fg does; twice in a row."""
    # The run must not be the leader of an orphaned group, for which Ctrl-Z does nothing: a shell stands above it.
    outer, terminal = pty.fork()
    if outer == 0:
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            program = "import os,sys\nprint('ready',os.getpid(),flush=True)\nfor line in sys.stdin: print('got',line.strip(),flush=True)\nsys.exit(5)"
            os.execv(run[0], run + [sys.executable, "-c", program])
        print("job", job, flush=True)
        while True:
            _, status = os.waitpid(job, os.WUNTRACED)
            if os.WIFSTOPPED(status):
                print("stopped", os.WSTOPSIG(status), flush=True)
                continue
            print("ended", os.waitstatus_to_exitcode(status), flush=True)
            os._exit(0)
    seen = [b""]
    child = int(read_until(terminal, rb"ready (\d+)\r", seen).group(1))
    job = int(read_until(terminal, rb"job (\d+)\r", seen).group(1))
    answer = {"stopped": [], "continued": []}
    for round in range(2):
        os.write(terminal, b"\x1a")
        answer["stopped"].append(wait_state(job, "T") and wait_state(child, "T"))
        os.kill(-job, signal.SIGCONT)
        answer["continued"].append(wait_state(job, "SR") and wait_state(child, "SR"))
        os.write(terminal, b"line%d\n" % round)
        read_until(terminal, b"got line%d" % round, seen)
    # To run alone: it passes the stop on, and stops when the program has.
    os.kill(job, signal.SIGTSTP)
    answer["stopped"].append(wait_state(child, "T") and wait_state(job, "T"))
    os.kill(job, signal.SIGCONT)
    answer["continued"].append(wait_state(job, "SR") and wait_state(child, "SR"))
    os.write(terminal, b"\x04")
    read_until(terminal, rb"ended -?\d+\r", seen)
    drain(terminal, seen)
    os.waitpid(outer, 0)
    answer["output"] = seen[0].decode()
    return answer


def core(run):
    """A program that dumps core, alone and under run: says for each how it ended and whether the kernel dumped core."""
    answer = {}
    crash = ["/bin/sh", "-c", "kill -SEGV $$"]
    for name, command in (("alone", crash), ("run", run + crash)):
        pid = os.fork()
        if pid == 0:
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            os.execv(command[0], command)
        _, status = os.waitpid(pid, 0)
        answer[name] = {"exit": os.waitstatus_to_exitcode(status), "dumped": os.WCOREDUMP(status)}
    return answer


def ignored(run):
    """Dispositions and masks that the program inherits, alone and under run."""
    show = "import signal;print([int(signal.getsignal(s)==signal.SIG_IGN) for s in (1,2,3,15)],sorted(signal.pthread_sigmask(signal.SIG_BLOCK,[])))"
    answer = {}
    for name, command in (("alone", []), ("run", run)):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGQUIT, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
            os.dup2(write, 1)
            command = command + [sys.executable, "-c", show]
            os.execv(command[0], command)
        os.close(write)
        with open(read) as pipe:
            answer[name] = pipe.read()
        os.waitpid(pid, 0)
    return answer


if __name__ == "__main__":
    scenarios = {f.__name__.replace("_", "-"): f for f in (interrupt, interrupt_default, suspend, core, ignored)}
    print(json.dumps(scenarios[sys.argv[1]](sys.argv[2:])))

"""Runs a program bare and under the preload library, and compares what an onlooker sees."""

import os
import shutil
import subprocess
import tempfile

from capture_file import CaptureFile

HERE = os.path.dirname(os.path.abspath(__file__))
PRELOAD = os.environ["MEMSCOPE_PRELOAD"]
PROGRAMS = os.environ["MEMSCOPE_PROGRAMS"]
SECONDS = 180


class TrackedRun:
    """One run of a program under tracking; `capture` is None when it left none."""

    def __init__(self, *command, preload=PRELOAD, **variables):
        self.directory = tempfile.mkdtemp(dir=PROGRAMS)
        os.chmod(self.directory, 0o777)
        environment = dict(os.environ)
        environment.update(
            LD_PRELOAD=preload, MEMSCOPE="run", MEMSCOPE_RUN_PID=str(os.getpid()), MEMSCOPE_OUTPUT=self.directory
        )
        environment.update(variables)
        self.process = observe(command, environment)
        path = os.path.join(self.directory, "capture.memscope")
        self.files = sorted(os.listdir(self.directory))
        self.capture = CaptureFile(path) if os.path.exists(path) else None
        shutil.rmtree(self.directory)


def observe(command, environment):
    """Standard output, standard error and wait status of a command."""
    program = os.path.join(PROGRAMS, command[0])
    command = [program if os.path.exists(program) else command[0], *command[1:]]
    return subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, cwd=PROGRAMS)


def run_both(*command, preload=PRELOAD, bare_preload=None, **variables):
    """Runs bare, then tracked; fails unless both print the same and end the same way."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MEMSCOPE")}
    environment.pop("LD_PRELOAD", None)
    if bare_preload:
        environment["LD_PRELOAD"] = bare_preload
    bare = observe(command, environment)
    run = TrackedRun(*command, preload=preload, **variables)
    for name in ("returncode", "stdout", "stderr"):
        theirs, ours = getattr(bare, name), getattr(run.process, name)
        assert theirs == ours, f"{name} bare: {theirs!r}\n{name} tracked: {ours!r}"
    run.bare = bare
    return run

"""Runs the built command. MEMSCOPE_COMMAND names it; otherwise the debug build's is taken."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = os.environ.get("MEMSCOPE_COMMAND", str(ROOT / ".build/debug/memscope"))


def memscope(*arguments, check=True):
    """Runs the command and returns the finished process."""
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.stderr}")
    return done


def render(capture, directory):
    """Renders a capture into a directory and returns the report."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "capture"
    file.write_bytes(capture.bytes())
    memscope("report", file, "--output", directory)
    return json.loads((directory / "report.json").read_text())


def render_again(report, directory):
    """Writes a report and has it rendered once more."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "edited.json"
    file.write_text(json.dumps(report))
    memscope("report", file, "--output", directory)
    return json.loads((directory / "report.json").read_text())

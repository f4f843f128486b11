"""Builds what the measurements need, and runs it."""
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from types import SimpleNamespace

import run

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.append(os.path.join(ROOT, "Tests", "CaptureTests"))
from capture_file import CaptureFile  # noqa: E402


@dataclass
class Row:
    """One budget: what was measured, and what it may be at most."""
    what: str
    budget: str
    limit: float
    samples: list = field(default_factory=list)
    show: str = "{:.2f}"  # or a function
    unit: str = ""

    @property
    def is_met(self):
        return statistics.median(self.samples) <= self.limit

    def measured(self):
        middle, low, high = (
            self.show(value) if callable(self.show) else self.show.format(value)
            for value in (statistics.median(self.samples), min(self.samples), max(self.samples)))
        spread = f" [{low}–{high}]" if len(self.samples) > 1 else ""
        return f"{middle}{spread} {self.unit}".rstrip()


class Workbench:
    """The programs and the library, each built when first asked for.

    `quick` makes every measurement as short as it can be: it shows that the measurement runs and says nothing of speed.
    """

    def __init__(self, scratch, rounds, quick):
        self.scratch = os.path.abspath(scratch)
        self.rounds = 1 if quick else rounds
        self.quick = quick
        os.makedirs(self.scratch, exist_ok=True)
        # Or the interpreter would hand out most of its memory by itself.
        os.environ["PYTHONMALLOC"] = "malloc"

    def size(self, full, quick):
        return quick if self.quick else full

    def call(self, *command, **options):
        """Runs a command and returns what it prints; its failure ends everything, with what it said."""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        if done.returncode != 0:
            raise SystemExit(
                f"{' '.join(command)}: ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    @functools.cached_property
    def products(self):
        """Where SwiftPM has put the release build."""
        build = ["swift", "build", "-c", "release", "--package-path", ROOT]
        self.call(*build)
        return self.call(*build, "--show-bin-path").strip()

    def product(self, name):
        return os.path.join(self.products, name)

    @functools.cached_property
    def programs(self):
        """Where build.sh has put the programs to be measured; the large ones too, unless all is to be quick."""
        directory = os.path.join(self.scratch, "programs")
        self.call("sh", os.path.join(HERE, "build.sh"), directory, *([] if self.quick else ["large"]))
        return directory

    def program(self, name):
        return os.path.join(self.programs, name)

    def variants(self, heaptrack=False, custody=False, ownership=None):
        """The program alone, with the library preloaded, the same with custody, with a retain ledger for each selection in
        `ownership`, and with heaptrack."""
        library = "tracked=" + self.product("libMemScopePreload.so")
        found = run.variants(SimpleNamespace(library=[library], memscope=None, heaptrack=heaptrack))
        tracked = next(variant for variant in found if variant.name == "tracked")
        if custody:
            found.append(run.Variant("custody", [], {**tracked.environment, "MEMSCOPE_CUSTODY": "1"}))
        for name, selection in (ownership or {}).items():
            found.append(run.Variant(name, [], {**tracked.environment, "MEMSCOPE_OWNERSHIP": selection}))
        return found

    def turns(self, *command, **options):
        """Runs by variant, one of each a round."""
        return run.take_turns(list(command), self.variants(**options), self.rounds)

    def tracked(self, *command, preload=True, tracking=True):
        """What a program prints, alone, preloaded, or preloaded and tracked."""
        environment = dict(os.environ)
        with tempfile.TemporaryDirectory() as output:
            if preload:
                environment["LD_PRELOAD"] = self.product("libMemScopePreload.so")
            if preload and tracking:
                environment.update(
                    MEMSCOPE="run", MEMSCOPE_RUN_PID=str(os.getpid()), MEMSCOPE_OUTPUT=output,
                    MEMSCOPE_CLI="/bin/false")
            return self.call(*command, env=environment)

    def report(self, *command, options=()):
        """The report of a program under `memscope run` with these options."""
        with tempfile.TemporaryDirectory() as output:
            # The status is the program's own; swift-format's is not zero when it finds something.
            subprocess.run(
                [self.product("memscope"), "run", *options, "--output", output, "--", *command],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            with open(os.path.join(output, "report.json"), encoding="utf-8") as file:
                return json.load(file)

    def counters(self, *command):
        """The counters in the capture of a program under `memscope run`."""
        with tempfile.TemporaryDirectory() as output:
            self.call(self.product("memscope"), "run", "--keep-capture", "--output", output, "--", *command)
            return CaptureFile(os.path.join(output, "capture.memscope")).counters

    def report_cost(self, *arguments):
        """What the program of that name measured, one dictionary a line."""
        # What a round gives back stays with the process, so that the next one finds it warm.
        warm = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "2147483647", "MALLOC_MMAP_THRESHOLD_": "1073741824"}
        environment = warm if arguments[0] == "analysis" else None
        command = [self.product("report-cost"), *(str(argument) for argument in arguments)]
        lines = self.call(*command, env=environment).splitlines()
        return [json.loads(line) for line in lines]

    @functools.cached_property
    def formatter(self):
        """The command that checks a source tree; allocates from very many stacks."""
        if self.quick:
            return [run.swift_format(), "lint", os.path.join(ROOT, "Package.swift")]
        return run.workloads(self.programs)["swift-format"]

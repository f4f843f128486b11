"""Measures what a confidence meant: of the inferences with it, the share that is true, over programs whose truth is known.

A case is a function of copies.swift or a class of classes.swift; its name says what is true of it. An inference about
anything else in these programs is false.
"""

import collections
import glob
import json
import os
import re
import subprocess
import sys

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


class Kind:
    """A kind of inference: its programs, where a row names its case, and how names of true and of false cases begin."""

    def __init__(self, kind, source, true, false, case):
        self.kind, self.source, self.true, self.false, self.case = kind, source, true, false, case

    def cases(self, here):
        """The names of the true cases and of the false ones, as they stand in the source."""
        with open(os.path.join(here, self.source + ".swift"), encoding="utf-8") as file:
            text = file.read()
        return tuple(
            sorted(set(re.findall(rf"^(?:@inline\(never\) func|(?:final )?class) ({begin}\w+)", text, re.MULTILINE)))
            for begin in (self.true, self.false))


KINDS = [
    # A function that copies for a case is named in its row's stack: the case is the caller where it is another function.
    Kind("copyOnWriteStorm", "copies", "needless", "fine", lambda row, callers: " ".join([row["function"], *callers])),
    Kind("couldBeStruct", "classes", "Value", "Shared", lambda row, callers: row["type"]),
]


def callers(report, row):
    """The functions around a row's place, from the inside."""
    nodes, node, found = report["callTree"]["nodes"], row["node"], []
    while node >= 0:
        found.append(nodes[node]["function"])
        node = nodes[node]["parent"]
    return found


def infer(command, program, output):
    """The report of a program with the whole graph of its live blocks."""
    environment = dict(os.environ, MEMSCOPE_LEAKS="graph")
    subprocess.run(
        [command, "run", "--output", output, "--", program], env=environment, check=True, stdout=subprocess.DEVNULL,
        timeout=300)
    with open(os.path.join(output, "report.json"), encoding="utf-8") as file:
        return json.load(file)


def measure(build, command, here):
    """For each kind and confidence: inferences made and those that are true; and for each kind the cases found."""
    made = collections.defaultdict(lambda: [0, 0])
    recall, wrong, told = {}, [], []
    for kind in KINDS:
        true, false = kind.cases(here)
        if len(true) < 12 or len(false) < 12:
            wrong.append(f"{kind.kind}: only {len(true)} true cases and {len(false)} false ones")
        found, possible = 0, 0
        for program in sorted(glob.glob(os.path.join(build, kind.source + "-*"))):
            report = infer(command, program, os.path.join(build, "output"))
            seen = set()
            for row in report["inferences"]:
                if row["kind"] != kind.kind:
                    continue
                if row["accuracy"] != "inferred" or not 0 < row["confidence"] < 1 or not row["text"]:
                    wrong.append(f"{kind.kind}: a row says too much of itself: {row}")
                named = kind.case(row, callers(report, row))
                case = next((name for name in true if re.search(rf"\b{name}\b", named)), None)
                tally = made[kind.kind, row["confidence"]]
                tally[0] += 1
                tally[1] += case is not None
                seen.add(case)
                if case is None:
                    told.append(f"false, {row['confidence']}: {os.path.basename(program)} {named[:100]}")
            found += len(seen - {None})
            possible += len(true)
            told += [f"not found: {os.path.basename(program)} {name}" for name in true if name not in seen]
        recall[kind.kind] = (found, possible, len(true), len(false))
    return made, recall, wrong, told


def table(made, recall):
    lines = ["| kind | confidence | inferences | true of them | share |", "|---|---|---|---|---|"]
    for (kind, confidence), (count, true) in sorted(made.items(), key=lambda item: (item[0][0], -item[0][1])):
        lines.append(f"| `{kind}` | {confidence:.1f} | {count} | {true} | {true / count:.2f} |")
    lines += ["", "| kind | true cases | false cases | found of the true ones, in all builds |", "|---|---|---|---|"]
    for kind, (found, possible, true, false) in recall.items():
        lines.append(f"| `{kind}` | {true} | {false} | {found} of {possible} |")
    return "\n".join(lines)


def main():
    build, command, page = sys.argv[1:4]
    made, recall, wrong, told = measure(build, command, os.path.dirname(os.path.abspath(__file__)))
    print("\n".join(told))
    measured = table(made, recall)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    head, rest = text.split(BEGIN)
    written, tail = rest.split(END)
    if "--write" in sys.argv:
        with open(page, "w", encoding="utf-8") as file:
            file.write(f"{head}{BEGIN}\n{measured}\n{END}{tail}")
    elif "--all" in sys.argv and written.strip() != measured:
        wrong.append(f"{page} says something else than was measured, which is\n{measured}")
    # A confidence that is not borne out is a lie.
    for (kind, confidence), (count, true) in made.items():
        if true / count < confidence - 0.1:
            wrong.append(f"{kind} with confidence {confidence}: only {true} of {count} are true")
    for kind, (found, possible, _, _) in recall.items():
        if found * 2 < possible:
            wrong.append(f"{kind}: only {found} of {possible} true cases were found")
    print("\n".join(wrong) or f"{sum(count for count, _ in made.values())} inferences, as sure as they say")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

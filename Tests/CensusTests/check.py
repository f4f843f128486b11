"""Compares the census of programs that know of which types their blocks are with the truth, and with what the stacks of the
blocks say: whoever was called by swift_allocObject must have a type."""

import json
import os
import subprocess
import sys

from capture_file import MODULES, CaptureFile

COUNT = 200
# Live blocks by kind and name, for each of COUNT.
SWIFT = {
    ("class", "census.Plain"): 2,
    ("class", "census.Derived"): 1,
    ("class", "census.Holder<Swift.String>"): 1,
    ("class", "census.Holder<Swift.Int>"): 1,
    ("class", "census.Holder<Swift.Array<Swift.Optional<Swift.Int>>>"): 1,
    ("array", "Swift._ContiguousArrayStorage<Swift.Optional<Swift.Int>>"): 1,
    ("actor", "census.Clerk"): 1,
    ("array", "Swift._ContiguousArrayStorage<Swift.Int16>"): 1,
    ("string", "Swift.__StringStorage"): 1,
    ("dictionary", "Swift._DictionaryStorage<Swift.Int32, Swift.Int64>"): 1,
    ("set", "Swift._SetStorage<Swift.Int16>"): 1,
    ("error", "census.Failure"): 1,
    ("class", "census.Watched"): 1,
    ("class", "census.Watcher"): 2,
    ("sideTable", "side table of weak references"): 2,
    ("task", "Task"): 1,
    ("box", "census.Wide"): 1,
}
# Of these the runtime and the program's main function may have a few of their own.
SHARED = {"string", "task", "sideTable"}
CXX = {
    ("cxx", "app::Circle"): 2,
    ("cxx", "app::Both"): 1,
    ("cxx", "app::Virtually"): 1,
    ("cxx", "app::Cell<unsigned int>"): 1,
    ("cxx", "anonymous::Hidden"): 1,
}


class Run:
    """A program's capture and the report made of it."""

    def __init__(self, build, library, memscope, program):
        output = os.path.join(build, f"{program}-out")
        command = [memscope, "run", "--library", library, "--keep-capture", "--output", output, "--"]
        subprocess.run([*command, os.path.join(build, program), str(COUNT)], check=True, timeout=120)
        self.capture = CaptureFile(os.path.join(output, "capture.memscope"))
        with open(os.path.join(output, "report.json"), encoding="utf-8") as file:
            self.report = json.load(file)
        self.types = {(row["kind"], row["name"]): row for row in self.report["types"]}

    def differences(self, truth):
        wrong = []
        for (kind, name), each in truth.items():
            row = self.types.get((kind, name))
            if row is None:
                wrong.append(f"no row {kind} {name}")
            elif not 0 <= row["liveBlocks"] - each * COUNT <= (3 if kind in SHARED else 0):
                wrong.append(f"{row['liveBlocks']} live {kind} {name}, not {each * COUNT}")
        figures = ("allocations", "frees", "allocatedBytes", "liveBlocks", "liveBytes")
        for figure in figures:
            total = sum(row[figure] for row in self.report["types"])
            if total != self.report["summary"][figure]:
                wrong.append(f"the {figure} of all types are {total}, not {self.report['summary'][figure]}")
        return wrong


def ranges(path, names):
    """Where functions of a library lie in its file's address space."""
    listing = subprocess.run(["nm", "-S", "--defined-only", path], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    return [(int(row[0], 16), int(row[0], 16) + int(row[1], 16)) for row in rows if len(row) == 4 and row[3] in names]


def share_with_type(capture):
    """Of the blocks that swift_allocObject allocated, those that live and those that were freed: how many, and how many have a type."""
    modules = [(start, end, bias, capture.text(path)) for start, end, bias, path, *_ in capture.rows(MODULES, "<QQQIIII")]
    core = next(module for module in modules if os.path.basename(module[3]).startswith("libswiftCore"))
    functions = ranges(core[3], {"swift_allocObject", "__swift_allocObject_"})
    assert functions, "libswiftCore has no swift_allocObject"

    def is_object(site):
        if capture.sites[site][0] == 0:
            return False
        nearest = [address - 1 - core[2] for path, _, address in capture.stack(site)[:3] if path == core[3]]
        return any(low <= address < high for address in nearest for low, high in functions)

    objects = {site for site in range(1, len(capture.sites)) if is_object(site)}
    live = [row for row in capture.live if row[0] in objects]
    live_all, live_typed = sum(row[4] for row in live), sum(row[4] for row in live if row[2])
    # A freed block is of its site's usual type, unless it is listed.
    freed_all = sum(capture.sites[site][6] for site in objects)
    freed_typed = sum(capture.sites[site][6] for site in objects if capture.sites[site][3])
    return live_all, live_typed, freed_all, freed_typed


def check_swift(run):
    wrong = run.differences(SWIFT)
    for name, each in (("census.Plain", 5), ("census.Holder<Swift.Int8>", 3)):
        found = run.types.get(("class", name), {}).get("allocations")
        if found != each * COUNT:
            wrong.append(f"{found} allocations of {name}, not {each * COUNT}")
    kinds = {kind for kind, _ in run.types}
    wrong += [f"no block of kind {kind}" for kind in ("closure", "slab", "metadata") if kind not in kinds]
    live, typed, freed, freed_typed = share_with_type(run.capture)
    print(f"swift_allocObject: {live} live blocks, {typed} with a type; {freed} freed, {freed_typed} with a type")
    if live < 10 * COUNT or freed < 9 * COUNT:
        wrong.append("too few blocks were allocated by swift_allocObject to say anything")
    if typed < 0.98 * live or freed_typed < 0.98 * freed:
        wrong.append("fewer than 98 % of them have a type")
    return wrong


def check_cxx(run):
    wrong = run.differences(CXX)
    circle = run.types.get(("cxx", "app::Circle"), dict.fromkeys(["allocations", "accuracy"]))
    if (circle["allocations"], circle["accuracy"]) != (5 * COUNT, "inferred"):
        wrong.append(f"{circle['allocations']} circles, {circle['accuracy']}; not {5 * COUNT}, inferred")
    if not any(kind == "cxx" and "_Sp_counted" in name and "app::Plain" in name for kind, name in run.types):
        wrong.append("no row of what make_shared makes")
    if any("Plain" in name and "std::" not in name for _, name in run.types):
        wrong.append("a type without a vtable has a row")
    return wrong


def main():
    build, library, memscope = sys.argv[1:]
    wrong = check_swift(Run(build, library, memscope, "census")) + check_cxx(Run(build, library, memscope, "objects"))
    print("\n".join(wrong) if wrong else "every type has its blocks")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

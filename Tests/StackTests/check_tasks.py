"""Checks in report.json that each allocation of tasks.swift has exactly the callers that the source says.

Frames of the runtime, thunks and doubles (a closure and the forwarder that calls it; $main and main) are left out.
A stack is written from the leaf outwards; "async:" before a caller that waits, "new:" before the outermost frame of a
task, after which follows where the task was created.
"""

import json
import sys

MAIN = ["async:static Program.main()", "new", "main"]


def task(*frames):
    return list(frames) + MAIN


def chain(name, depth):
    return [f"{name}(_:_:)"] + [f"async:{name}(_:_:)"] * depth


GROUP = ["closure #1 in grouped(_:)", "async:grouped(_:)"]
# size: the stacks that allocate it.
EXPECTED = {
    5008: [task(*chain("chain", 6))],
    5024: [task(*chain("chainAfter", depth)) for depth in (0, 1, 2)],
    5040: [task("synchronousInner(_:)", "synchronousOuter(_:)", "callsSynchronous(_:)")],
    5056: [task("catcher(_:)")],
    5072: [task("Account.add(_:)", "async:callsActor(_:_:)")],
    5088: [task("Account.plain(_:)", "callsPlain(_:_:)")],
    5104: [["inGroup(_:)", "async:closure #1 in closure #1 in grouped(_:)", "new"] + task(*GROUP)],
    5112: [task(*GROUP)],
    5120: [["inLet(_:)", "async:implicit closure #1 in lets(_:)", "new", "main"]],
    5128: [["inLet(_:)", "async:implicit closure #2 in lets(_:)", "new", "main"]],
    5136: [task("lets(_:)")],
    5144: [task("lets(_:)")],
    5152: [["inLet(_:)", "async:implicit closure #1 in nestedLet(_:)", "new", "main"]],
    5168: [task("streamed(_:)")],
    5184: [task("sleeper(_:)")],
    5200: [task("continued(_:)")],
    5216: [["detachedBody(_:)", "async:closure #1 in detaches(_:)", "new"] + task("detaches(_:)")],
    5232: [["detachedBody(_:)", "async:closure #1 in plainTask(_:)", "new"] + task("plainTask(_:)")],
    5264: [task("early(_:)", "async:callsEarly(_:)")],
    5248: [task("onMain(_:)", "async:callsMain(_:)")],
}
RUNTIME = ("swift_task_create", "closure thunk", "TaskGroup.addTask", "Task.init(", "static Task.detached(",
           "withTaskGroup(", "__libc_start", "_start", "async_Main", "static Program.$main")


def stack(nodes, index):
    frames = []
    while index >= 0:
        node = nodes[index]
        name, kind = node["function"], node["kind"]
        # The parts of the C function that starts an asynchronous main read `main` as well.
        if not name.startswith(RUNTIME) and not (name == "main" and kind == "async"):
            frame = ("async:" if kind == "async" else "") + name
            if not frames or not frame.startswith("async:") or frames[-1][0] != frame or "closure" not in name:
                frames.append((frame, index))
        if kind == "creation":
            frames.append(("new", index))
        index = node["parent"]
    return [frame for frame, _ in frames]


def without_doubles(frames, expected):
    """$main calls main and both may read alike; an awaiting closure may be seen with its own caller's name."""
    result = []
    for frame in frames:
        if result and frame == result[-1] and frame == "async:static Program.main()":
            continue
        if result and frame == "async:" + result[-1] and frame not in expected:
            continue
        result.append(frame)
    return result


def main(path):
    report = json.load(open(path))
    nodes = report["callTree"]["nodes"]
    found, wrong = {}, 0
    for index, node in enumerate(nodes):
        if node["function"] != "mark(_:)":
            continue
        size = node["allocatedBytes"] // node["allocations"]
        found.setdefault(size, []).append(stack(nodes, index)[1:])
    # The two places in `lets` are one function; where their stacks are alike in names they are one site.
    merged = found.pop(5140, None)
    if merged:
        found[5136], found[5144] = merged, merged
    for size, expected in sorted(EXPECTED.items()):
        actual = [without_doubles(frames, {f for e in expected for f in e}) for frames in found.get(size, [])]
        if sorted(actual) != sorted(expected):
            wrong += 1
            print(f"{size}: expected {expected}\n      found    {actual}")
    cut = report["capture"]["truncatedStacks"]
    print(f"{len(EXPECTED)} cases, {wrong} wrong, {cut} stacks cut")
    return 1 if wrong or cut else 0


sys.exit(main(sys.argv[1]))

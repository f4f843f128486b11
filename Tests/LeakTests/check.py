"""Runs programs that know what leaks in them, once with n of everything and once with 2n: the captures must differ by
exactly n times the truth. What is held must never be reported. Where the process cannot be copied, the search in the program
itself must find the same."""

import os
import subprocess
import sys

from read_graph import Graph

# Blocks and bytes that leak for each of n.
SILENT = (0, 0)
CASES = {
    "block_cases": {
        "lost": (1, 48),
        "cycle": (2, 96),
        "chain": (1, 48),
        "held_by_global": SILENT,
        "held_by_inner_pointer": SILENT,
        "pointer_behind": (1, 104),
        "held_by_top_byte": SILENT,
        "held_by_low_bits": SILENT,
        "held_behind_cookie": SILENT,
        "held_empty": SILENT,
        "held_by_mapping": SILENT,
        "held_by_sparse_mapping": SILENT,
        "held_behind_unreadable_page": SILENT,
        "held_behind_unreadable_page_of_mapping": SILENT,
        "held_by_protected_block": SILENT,
        "held_by_protected_mapping": SILENT,
        "held_by_unreadable_mapping": SILENT,
        "held_by_unreadable_block": SILENT,
        "held_by_memory_without_copies": SILENT,
        "held_by_memory_wiped_in_copies": SILENT,
        "lost_in_memory_without_copies": (1, 64),
        "held_by_much_memory_without_copies": SILENT,
        "held_by_shared_mapping": SILENT,
        "held_by_memory_file": SILENT,
        "held_by_private_file": SILENT,
        "held_by_protected_private_file": SILENT,
        "lost_in_protected_private_file": (1, 64),
        "lost_in_shared_file": (1, 64),
        "lost_beside_unreadable_page": (1, 48),
        "held_by_large_block": SILENT,
        "lost_large": (1, 1 << 18),
        "lost_with_large_block": (1, 64),
        "freed": SILENT,
        "lost_in_free_block": (1, 64),
        "held_side_table": SILENT,
        "held_by_epoll": SILENT,
        "held_by_timer": SILENT,
    },
    "thread_cases": {
        "held_by_thread_local": SILENT,
        "held_by_main_thread_local": SILENT,
        "held_by_key": SILENT,
        "held_by_stack": SILENT,
        "lost_below_stack": (1, 64),
        "held_by_register": SILENT,
        "held_by_vector_register": SILENT,
        "held_as_result": SILENT,
        "lost_in_ended_threads": (1, 64),
        "many_threads": SILENT,
        "stacks_kept": SILENT,
        "held_by_dynamic_thread_local": SILENT,
        "held_by_coroutine": SILENT,
        "held_by_block_in_realloc": SILENT,
        "held_on_signal_stack": SILENT,
        "two_thousand_threads": (1, 64),
        "deaf_threads": (1, 64),
        "threads_deaf_to_everything": (1, 64),
        "swapping": SILENT,
    },
    "exit_cases": {
        "lost_when_main_returns": (1, 64),
        "held_when_main_exits": SILENT,
        "held_when_callee_exits": SILENT,
        "held_in_saved_register": SILENT,
        "lost_at_quick_exit": (1, 64),
        "lost_at__exit": (1, 64),
    },
    "late_cases": {
        "held_by_unknown_block": SILENT,
        "lost_in_free_unknown_block": (1, 80),
        "captured_again_and_again": (5, 240),
        "ignored_while_allocated": (1, 56),
        "ignored_by_scope": (2, 96),
        "ignored_one_by_one": (1, 72),
        "lost_in_ignored_regions": (3, 192),
        # The pool leaks, and grows by a word for each.
        "held_by_added_root": (0, 8),
    },
    "object_cases": {
        "held_by_base": SILENT,
        "held_behind_array_cookie": SILENT,
        "held_by_containers": SILENT,
        # Two control blocks with a ring of 16 bytes in each.
        "lost_shared_ring": (2, 64),
        # The vector, its array of two strings, and their texts.
        "lost_vector": (4, 24 + 64 + 2 * 101),
        "thrown": SILENT,
    },
}
SWIFT_CASES = {
    # Weak and unowned references, unmanaged ones, managed buffers. A node has 32 bytes and its array 64, a side table 32.
    "cyclesWatchedWeakly": (4, 192),
    "cycles": (4, 192),
    "heldWithWeakReferences": SILENT,
    "lostWithSideTable": (3, 128),
    "lostWatchedWeakly": (2, 96),
    # The variable's block; the side table is its object's.
    "lostWatcher": (1, 8),
    "deadButNotFreed": SILENT,
    "heldUnmanaged": SILENT,
    "lostUnmanaged": (2, 96),
    "heldInManagedBuffers": SILENT,
    # A buffer of 48 bytes, a header and three elements.
    "lostManagedBuffers": (9, 432),
    # Tags in spare bits, boxes.
    "heldByTaggedChain": SILENT,
    # Two links of 32 bytes with 24 in each.
    "lostTaggedPairs": (4, 112),
    "heldInExistentials": SILENT,
    # A cell of 32 bytes, the box, and what is in it.
    "lostExistentials": (3, 104),
    "heldErrors": SILENT,
    "lostErrors": (4, 200),
    "heldByManyTags": SILENT,
    "lostManyTags": (2, 32),
    "heldInTrees": SILENT,
    "lostTrees": (5, 120),
    # The storage of strings and collections, each behind a cell of its own.
    "heldStrings": SILENT,
    "lostStrings": (2, 128),
    "lostBridgedStrings": (2, 152),
    "heldCollections": SILENT,
    "lostArrays": (4, 104),
    "lostDictionaries": (4, 264),
    "lostSets": (3, 112),
    "lostData": (3, 206),
    # Closures and the boxes of variables.
    "heldByClosures": SILENT,
    "heldByClosureChain": SILENT,
    "lostByOwnClosure": (1, 56),
    "lostByCapturingClosure": (2, 88),
    "lostByBoxedVariable": (2, 64),
    # Tasks, actors, streams.
    "heldBySleepingTasks": SILENT,
    "heldByContinuations": SILENT,
    "heldByDeepTasks": SILENT,
    "heldByQueues": SILENT,
    "heldByDispatch": SILENT,
    "heldByGroups": SILENT,
    # What libraries keep for themselves.
    "heldByFinishedQueues": SILENT,
    "heldByFormatters": SILENT,
    "heldByAsyncLet": SILENT,
    "heldAsResults": SILENT,
    "heldByActors": SILENT,
    "heldByTaskOfActor": SILENT,
    "heldByStreams": SILENT,
    "lostActors": (6, 448),
    "lostTasks": (6, 1496),
    # The parent and two children, their slabs, and what the children hold.
    "lostGroups": (18, 4976),
    "lostAsyncLets": (12, 6232),
    "lostRunners": (7, 1520),
    "lostStreams": (10, 2704),
    "lostBehindFrames": (2, 88),
}
# An optimised task has no context of its own for what it is to do.
RELEASE_CASES = SWIFT_CASES | {
    "lostTasks": (5, 1464),
    "lostGroups": (16, 4904),
    "lostAsyncLets": (8, 3936),
    "lostRunners": (7, 1512),
    "lostStreams": (9, 2672),
}
CASES["swift_cases"] = SWIFT_CASES
# What is left in memory of libdispatch's or on a thread's stack may hide some, each with all that hangs on it.
MAY_HIDE = {"lostStreams": 4}
if os.environ.get("TEST_SIZE") == "full":
    CASES |= {"swift_cases_release": RELEASE_CASES, "swift_cases_static": SWIFT_CASES, "swift_cases_release_static": RELEASE_CASES}
# Of x86-64 alone.
if os.uname().machine != "x86_64":
    for program, case in (("thread", "held_by_register"), ("thread", "held_by_vector_register"), ("exit", "held_in_saved_register")):
        del CASES[f"{program}_cases"][case]


# What is said of a search in a copy; of others nothing.
SAID = {"held_by_much_memory_without_copies": "more than 4 MiB from its copies"}

# What a copy alone can read holds these; a search in the program itself reports them, and says so, as of all who write to pages that
# they then protect.
UNREADABLE = ("held_by_unreadable_mapping", "held_by_unreadable_block", "held_behind_unreadable_page", "held_behind_unreadable_page_of_mapping", "lost_beside_unreadable_page",
              "held_by_block_in_realloc")
# Nor can it forget what stands in a part of a block.
OTHERWISE_IN_PLACE = (*UNREADABLE[:2], "lost_in_ignored_regions")

# These say where what holds their blocks lies, 128 bytes from pointer to pointer.
KEPT_FROM_COPIES = ("held_by_memory_without_copies", "held_by_memory_wiped_in_copies")

# Nothing but threads can be made; or no copy of the process. Threads are stopped by a signal then, or by ptrace.
IN_PLACE = ("no-copy", "no-child")
# No thread of it can be stopped by a signal.
DEAF = "threads_deaf_to_everything"


def capture(build, library, program, case, n, mode, rule=None):
    """Runs a case to its end, under one of the rules of confined.c. The capture that it leaves."""
    output = os.path.join(build, "output")
    os.makedirs(output, exist_ok=True)
    path = os.path.join(output, "capture.memscope")
    if os.path.exists(path):
        os.unlink(path)
    environment = dict(
        os.environ, LEAK_LIBRARY=os.path.join(build, "leak_library.so"), MEMSCOPE="run", MEMSCOPE_LEAKS=mode,
        MEMSCOPE_RUN_PID=str(os.getpid()), MEMSCOPE_OUTPUT=output, LD_PRELOAD=library)
    confined = [os.path.join(build, "confined"), rule, "--"] if rule else []
    run = subprocess.run(
        [*confined, os.path.join(build, program), case, str(n)], env=environment, check=True, timeout=120, stdout=subprocess.PIPE,
        text=True)
    graph = Graph(path)
    graph.program_said = run.stdout
    return graph


def check(build, library, program, case, truth, rule):
    """What is wrong, one sentence each; `rule` is for the search in place."""
    n, wrong, leaked = 100, [], []
    for count, mode, confined in ((n, "1", None), (2 * n, "1", None), (n, "graph", None), (n, "graph", rule)):
        graph = capture(build, library, program, case, count, mode, confined)
        wrong += graph.check()
        complaint = graph.properties.get("leakScanComplaint", "")
        if confined and "in the program itself" not in complaint:
            wrong.append(f"{confined}: not in place: {complaint}")
        if not confined and (SAID.get(case, "") not in complaint or bool(complaint) != (case in SAID)):
            wrong.append(f"said in a copy: {complaint}")
        if confined and "copies (" in complaint:
            wrong.append(f"said in place: {complaint}")
        if confined and ("no roots were searched" in complaint) != (case == "lost_in_ignored_regions"):
            wrong.append(f"said in place: {complaint}")
        if confined and ("may not read" in complaint) != (case in UNREADABLE):
            wrong.append(f"said in place: {complaint}")
        copying, pause = graph.counters["leakScanCopying"], graph.counters["leakScanPause"]
        if not (copying == 0 < pause if confined else 0 < copying < pause):
            wrong.append(f"of a pause of {pause} ns {copying} ns are said to be the copying, {confined or 'in a copy'}")
        if mode == "graph" and case in KEPT_FROM_COPIES:
            start, places = int(graph.program_said, 16), {root[0] for root in graph.roots}
            missing = sum(1 for i in range(count) if start + 128 * i not in places)
            if missing:
                wrong.append(f"{missing} roots are not where the program has them, {confined or 'in a copy'}")
        leaked.append((graph.counters.get("leakedBlocks"), graph.counters.get("leakedBytes")))
    if wrong:
        return wrong
    hidden = MAY_HIDE.get(case, 0)
    if hidden:
        return [f"{count} leak of {times} times {truth}" for count, times in zip(leaked, (n, 2 * n, n, n))
                if count not in [tuple(found * each for each in truth) for found in range(times - hidden, times + 1)]]
    if leaked[0] != leaked[3] and case not in OTHERWISE_IN_PLACE:
        wrong.append(f"in a copy {leaked[0]}, in place ({rule}) {leaked[3]}")
    if leaked[0] != leaked[2]:
        wrong.append(f"leaks alone {leaked[0]}, with the whole graph {leaked[2]}")
    difference = tuple(second - first for first, second in zip(leaked[0], leaked[1]))
    if difference != (n * truth[0], n * truth[1]):
        wrong.append(f"{difference} leak more with {n} more; the truth is {(n * truth[0], n * truth[1])}")
    if truth == SILENT and leaked[0] != (0, 0):
        wrong.append(f"{leaked[0]} blocks and bytes are reported, and are held")
    if case == "captured_again_and_again":
        # The last run's, of n each, in place.
        for i in range(5):
            asked = Graph(os.path.join(build, "output", f"asked-{i}.memscope"))
            wrong += asked.check()
            if asked.counters["leakedBlocks"] != n * (i + 1):
                wrong.append(f"capture {i} has {asked.counters['leakedBlocks']} blocks, not {n * (i + 1)}")
    if case == "deadButNotFreed":
        dead = sum(1 for block in graph.blocks if block[5] & 2)
        if dead != n:
            wrong.append(f"{dead} objects are marked as dead, not {n}")
    return wrong


def main():
    build, library, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    failed = ran = 0
    inexact = []
    for program, cases in CASES.items():
        if not os.path.exists(os.path.join(build, program)):
            print(f"skipped: {program}, which was not built")
            continue
        for case, truth in cases.items():
            if names and case not in names:
                continue
            ran += 1
            inexact += [case] if case in MAY_HIDE else []
            rule = "no-child" if case == DEAF else IN_PLACE[ran % 2]
            for sentence in check(build, library, program, case, truth, rule):
                print(f"{program} {case}: {sentence}")
                failed = 1
    but = "".join(f", but for up to {MAY_HIDE[case]} of {case} as a whole" for case in dict.fromkeys(inexact))
    print(f"{ran} cases, {'not all as the truth is' if failed else f'each exactly as the truth is{but}'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

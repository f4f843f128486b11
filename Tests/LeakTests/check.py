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
        "held_by_shared_mapping": SILENT,
        "held_by_memory_file": SILENT,
        "held_by_private_file": SILENT,
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
    "weak_cases": {
        # Two objects of 32 bytes and two arrays of 64.
        "cyclesWatchedWeakly": (4, 192),
        "cycles": (4, 192),
        "heldWithWeakReferences": SILENT,
        "heldInEnums": SILENT,
        "deadButNotFreed": SILENT,
    },
}
# Of x86-64 alone.
if os.uname().machine != "x86_64":
    for program, case in (("thread", "held_by_register"), ("thread", "held_by_vector_register"), ("exit", "held_in_saved_register")):
        del CASES[f"{program}_cases"][case]


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
    subprocess.run([*confined, os.path.join(build, program), case, str(n)], env=environment, check=True, timeout=120)
    return Graph(path)


def check(build, library, program, case, truth, rule):
    """What is wrong, one sentence each; `rule` is for the search in place."""
    n, wrong, leaked = 100, [], []
    for count, mode, confined in ((n, "1", None), (2 * n, "1", None), (n, "graph", None), (n, "graph", rule)):
        graph = capture(build, library, program, case, count, mode, confined)
        wrong += graph.check()
        complaint = graph.properties.get("leakScanComplaint", "")
        if confined and "in the program itself" not in complaint:
            wrong.append(f"{confined}: not in place: {complaint}")
        if not confined and complaint:
            wrong.append(complaint)
        leaked.append((graph.counters.get("leakedBlocks"), graph.counters.get("leakedBytes")))
    if wrong:
        return wrong
    if leaked[0] != leaked[3]:
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
    for program, cases in CASES.items():
        if not os.path.exists(os.path.join(build, program)):
            print(f"skipped: {program}, which was not built")
            continue
        for case, truth in cases.items():
            if names and case not in names:
                continue
            ran += 1
            rule = "no-child" if case == DEAF else IN_PLACE[ran % 2]
            for sentence in check(build, library, program, case, truth, rule):
                print(f"{program} {case}: {sentence}")
                failed = 1
    print(f"{ran} cases, {'not all as the truth is' if failed else 'each exactly as the truth is'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

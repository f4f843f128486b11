"""Counts leaked blocks of programs that know what leaks in them: by MemScope, by LeakSanitizer's runtime, and by Valgrind (definitely and
indirectly lost). They agree, or a table says who is wrong and why."""

import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "LeakTests"))
import check  # noqa: E402

N = 100
PROGRAMS = ("block_cases", "thread_cases", "exit_cases", "object_cases")

# Where the other counts what is held, or counts nothing, with the reason.
LEAKSANITIZER_IS_WRONG = {
    "held_by_top_byte": "a pointer with a tag in its top byte is none to it",
    "held_by_mapping": "memory that the program mapped itself is no root to it",
    "held_by_memory_file": "memory that processes share is no root to it",
    "held_by_sparse_mapping": "memory that the program mapped itself is no root to it",
    "held_by_protected_mapping": "memory that the program mapped itself is no root to it",
    "held_by_private_file": "memory that the program mapped itself is no root to it",
    "held_by_protected_private_file": "memory that the program mapped itself is no root to it",
    "held_by_shared_mapping": "memory that processes share is no root to it",
    "held_by_unreadable_mapping": "memory that the program mapped itself is no root to it",
    "held_by_unreadable_block": "it ends the program at a page that cannot be read",
    "held_by_memory_without_copies": "memory that the program mapped itself is no root to it",
    "held_by_memory_wiped_in_copies": "memory that the program mapped itself is no root to it",
    "held_by_much_memory_without_copies": "memory that the program mapped itself is no root to it",
    "held_behind_unreadable_page_of_mapping": "it ends the program at a page that cannot be read",
    "held_behind_unreadable_page": "it ends the program at a page that cannot be read",
    "lost_beside_unreadable_page": "it ends the program at a page that cannot be read",
    "held_side_table": "the counts of a Swift object refer to a side table by a shifted address",
    "held_by_epoll": "what only the kernel has a pointer to is lost to it",
    "held_by_timer": "what only the kernel has a pointer to is lost to it",
    "held_by_block_in_realloc": "a block that is just being resized is unknown to it",
    "lost_at_quick_exit": "it looks for nothing there",
    "lost_at__exit": "it looks for nothing there",
}
VALGRIND_IS_WRONG = {
    "held_by_top_byte": "a pointer with a tag in its top byte is none to it",
    "held_behind_cookie": "a pointer just behind a block of 8 bytes is none to it",
    "held_behind_array_cookie": "a pointer just behind a block of 8 bytes is none to it",
    "held_by_sparse_mapping": "it has no room for the mapping",
    "held_by_protected_mapping": "memory that cannot be written is no root to it",
    "held_by_protected_private_file": "memory that cannot be written is no root to it",
    "held_by_unreadable_mapping": "memory that cannot be read is no root to it",
    "held_by_unreadable_block": "memory that cannot be read is no root to it",
    "lost_in_shared_file": "a file that is mapped to be shared is a root to it",
    "two_thousand_threads": "it has no room for so many threads",
    "held_side_table": "the counts of a Swift object refer to a side table by a shifted address",
    "held_by_epoll": "what only the kernel has a pointer to is lost to it",
    "held_by_timer": "what only the kernel has a pointer to is lost to it",
    "held_by_vector_register": "vector registers are no roots to it",
    "held_by_coroutine": "a stack that is not the thread's own is no root to it",
    "held_by_block_in_realloc": "it ends at the page that cannot be read",
}

# Where Valgrind's answer hangs on chance: it runs one thread at a time, and threads take turns for seconds or minutes; what the
# stack still has of the last block may be a reference to it.
VALGRIND_IS_NOT_ASKED = {"swapping", "lost_large"}


def environment(build, **more):
    return dict(os.environ, LEAK_LIBRARY=os.path.join(build, "leak_library.so"), **more)


def by_memscope(build, program, case):
    return check.capture(build, os.environ["MEMSCOPE_LIBRARY"], program, case, N, "1").counters.get("leakedBlocks")


def by_leaksanitizer(build, program, case):
    run = subprocess.run(
        [os.path.join(build, program + "-fsanitize=leak"), case, str(N)], env=environment(build), capture_output=True, text=True,
        timeout=120)
    found = re.search(r"SUMMARY: LeakSanitizer: \d+ byte\(s\) leaked in (\d+) allocation", run.stderr)
    return int(found[1]) if found else 0 if run.returncode == 0 else None


def by_valgrind(build, program, case):
    try:
        run = subprocess.run(
            ["valgrind", "--leak-check=full", "--show-reachable=no", os.path.join(build, program), case, str(N)],
            env=environment(build), capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode != 0:
        return None
    found = re.findall(r"(?:definitely|indirectly) lost: [\d,]+ bytes in ([\d,]+) blocks", run.stderr)
    return sum(int(count.replace(",", "")) for count in found)


def compare(build, program, case, others):
    """What is wrong, one sentence each."""
    ours, wrong = by_memscope(build, program, case), []
    for name, count, table in others:
        theirs = count(build, program, case)
        if theirs == ours and case in table:
            wrong.append(f"{name} finds {theirs} as we do, and should be wrong: {table[case]}")
        if theirs != ours and case not in table:
            wrong.append(f"{name} finds {theirs}, we {ours}")
        if theirs != ours and case in table and (ours == 0) != (check.CASES[program][case] == check.SILENT):
            wrong.append(f"{name} is said to be wrong, but we find {ours}")
    return wrong


def main():
    build, names = sys.argv[1], sys.argv[2:]
    cases = [(program, case) for program in PROGRAMS for case in check.CASES[program] if not names or case in names]
    leaksanitizer = ("LeakSanitizer", by_leaksanitizer, LEAKSANITIZER_IS_WRONG)
    valgrind = ("Valgrind", by_valgrind, VALGRIND_IS_WRONG)
    generator = random.Random(int(os.environ.get("SEED", "1")))
    whole = names or os.environ.get("TEST_SIZE") == "full"
    if not whole:
        cases = generator.sample(cases, 16)
    with_valgrind = [case for case in (cases if whole else cases[:6]) if case[1] not in VALGRIND_IS_NOT_ASKED]
    failed = 0
    for program, case in cases:
        others = [leaksanitizer] + ([valgrind] if (program, case) in with_valgrind else [])
        for sentence in compare(build, program, case, others):
            print(f"{program} {case}: {sentence}")
            failed = 1
    everything = {case for program in PROGRAMS for case in check.CASES[program]}
    for name, _, table in (leaksanitizer, valgrind):
        strangers = sorted(set(table) - everything)
        for case in strangers:
            print(f"{name} is said to be wrong about {case}, which is no case")
            failed = 1
        print(f"{name} is known to be wrong about {len(table) - len(strangers)} of all {len(everything)} cases")
    print(f"{len(cases)} cases counted by LeakSanitizer, {len(with_valgrind)} by Valgrind, {'not all' if failed else 'each'} as it should be")
    return failed


if __name__ == "__main__":
    sys.exit(main())

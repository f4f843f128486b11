"""Adds up what stack_comparison.c wrote: one line a program, then every class of difference."""

import os
import struct
import sys

CLASSES, TEXT = 512, 480
OUTCOMES = ["same", "ours longer", "theirs longer", "differs", "kept differs", "cut", "executor skipped"]
HEADER = struct.Struct("<8Q7Q64s")
CLASS = struct.Struct(f"<QQII{TEXT}s")


def text(raw):
    return raw.split(b"\0")[0].decode(errors="replace")


def main(directory):
    totals, classes, processes = [0] * 15, {}, 0
    for name in sorted(os.listdir(directory)):
        data = open(os.path.join(directory, name), "rb").read()
        *numbers, _ = HEADER.unpack_from(data)
        if not numbers[0]:
            continue
        processes += 1
        totals = [a + b for a, b in zip(totals, numbers)]
        for index in range(CLASSES):
            count, place, outcome, _, words = CLASS.unpack_from(data, HEADER.size + index * CLASS.size)
            if place:
                key = (OUTCOMES[outcome], text(words))
                classes[key] = classes.get(key, 0) + count
    walks, frames, _, in_tasks, compared, cut, _, overflow = totals[:8]
    same, longer, shorter, differs, kept, _, skipped = totals[8:15]
    if not walks:
        print("no walks")
        return 1
    print(f"{processes} processes, {walks} walks ({in_tasks} in tasks), {frames} frames, cut {cut}; "
          f"against full walks: {kept} differ; compared {compared}, same {same} "
          f"({100 * same / max(compared, 1):.4f} %), ours longer {longer}, theirs longer {shorter}, differs {differs}, "
          f"libunwind skips the executor {skipped}")
    for (outcome, words), count in sorted(classes.items(), key=lambda item: -item[1]):
        print(f"{count:9} {outcome}:{words}")
    if overflow:
        print(f"{overflow} of classes not kept")
    return 1 if kept or differs or shorter else 0


sys.exit(main(sys.argv[1]))

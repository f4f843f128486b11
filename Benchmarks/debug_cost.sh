#!/bin/sh
# What one event costs in a debug build of a program that links MemScope: malloc and free in turn, twenty frames deep,
# with C at -O0 and Swift at -Onone, the hook on the program's thread and the engine on its own. The budget is 1000 ns
# of processor time per event.
#
# usage: debug_cost.sh [SCRATCH [PAIRS]]        allocations (2 000 000)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=${1:-$(mktemp -d)}
mkdir -p "$scratch"
swift build --package-path "$here/.." --product doors >"$scratch/build.log" 2>&1 || {
    tail -n 20 "$scratch/build.log"
    exit 1
}
built=$(swift build --package-path "$here/.." --show-bin-path)
objects=$(for module in Shim Model Engine Symbols Analysis Dashboard Report; do
    find "$built/MemScope$module.build" -name '*.o'
done; find "$built/MemScope.build" -name '*.o')
clang -std=gnu17 -O2 -fno-builtin -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -pthread \
    -c "$here/Programs/malloc_pairs.c" -o "$scratch/pairs.o"
# shellcheck disable=SC2086
swiftc "$scratch/pairs.o" $objects -lstdc++ -o "$scratch/pairs"

python3 - "$scratch/pairs" "$scratch/report" "${2:-2000000}" <<'P'
import json, os, resource, subprocess, sys

pairs = int(sys.argv[3])


def seconds(environment):
    """Processor and elapsed time of the program, its report left out by taking the difference of two lengths."""
    figures = []
    for count in (1, pairs):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.argv[1], "20", "1", str(count)], env={**os.environ, **environment}, check=True,
                       stdout=subprocess.DEVNULL)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
    return figures[1] - figures[0]


off = min(seconds({}) for _ in range(3))
on = min(seconds({"MEMSCOPE": "1", "MEMSCOPE_OUTPUT": sys.argv[2]}) for _ in range(3))
capture = json.load(open(sys.argv[2] + "/report.json"))["capture"]
engine = capture["trackerCPUNanoseconds"] / capture["events"]
added = (on - off) / (2 * pairs) * 1e9
print(f"debug build, depth 20: {added:.0f} ns an event, hook and engine ({engine:.0f} ns of it the engine's threads); "
      f"off {off / (2 * pairs) * 1e9:.1f} ns a call")
P

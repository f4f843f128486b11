#!/bin/sh
# What MemScope costs a program that links it and never starts it: instructions that Valgrind's callgrind counts, with
# and without, for a Swift program without concurrency and for malloc and free alone. The budget is 1 % more for the
# program.
#
# Build the package first: swift build -c release --product doors.
#
# usage: off_cost.sh [SCRATCH [ROUNDS]]        rounds of the Swift program (60)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=${1:-$(mktemp -d)}
mkdir -p "$scratch"
rounds=${2:-60}
built=$(swift build -c release --package-path "$here/.." --show-bin-path)

# All of the library, as an executable that imports it has it.
objects=$(for module in Shim Model Engine Symbols Analysis Dashboard Report; do
    find "$built/MemScope$module.build" -name '*.o'
done; find "$built/MemScope.build" -name '*.o')

swiftc -O -swift-version 6 -parse-as-library -c "$here/Programs/ObjectChurn.swift" -module-name ObjectChurn \
    -o "$scratch/churn.o"
clang -std=gnu17 -O2 -fno-builtin -fno-omit-frame-pointer -pthread -c "$here/Programs/malloc_pairs.c" \
    -o "$scratch/pairs.o"
for name in churn pairs; do
    swiftc "$scratch/$name.o" -o "$scratch/$name.plain"
    # shellcheck disable=SC2086
    swiftc "$scratch/$name.o" $objects -lstdc++ -o "$scratch/$name.linked"
    # Valgrind gives up on debug information that it does not know.
    strip -g "$scratch/$name.plain" "$scratch/$name.linked"
done

count() { # PROGRAM ARGUMENTS... -> instructions
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' | grep .
}

plain=$(count "$scratch/churn.plain" "$rounds")
linked=$(count "$scratch/churn.linked" "$rounds")
awk -v a="$plain" -v b="$linked" \
    'BEGIN { printf "object churn: %d instructions plain, %d linked: %+.2f %%\n", a, b, 100 * (b / a - 1) }'

# Two lengths each, so that starting the process cancels out.
short=100000 long=300000
pairs() { # BINARY -> instructions per pair
    a=$(count "$1" 5 1 $short)
    b=$(count "$1" 5 1 $long)
    awk -v a="$a" -v b="$b" -v n=$((long - short)) 'BEGIN { printf "%.2f", (b - a) / n }'
}
plain=$(pairs "$scratch/pairs.plain")
linked=$(pairs "$scratch/pairs.linked")
awk -v a="$plain" -v b="$linked" \
    'BEGIN { printf "malloc and free: %s instructions a pair plain, %s linked: %+.2f a call\n", a, b, (b - a) / 2 }'
start=$(count "$scratch/pairs.plain" 5 1 1)
linkedstart=$(count "$scratch/pairs.linked" 5 1 1)
echo "start of a process: $start instructions plain, $linkedstart linked"

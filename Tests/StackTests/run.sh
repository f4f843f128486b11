#!/bin/sh
# Checks the stacks that the capture library records.
#
#   run.sh [--rate N] [--seed N] [--programs]
#
# --rate N     compares about every Nth hook's stack with libunwind's (default 20); every stack is compared with a walk
#              that keeps nothing of the one before
# --seed N     which ones are drawn, and what the random programs do (default: the time; printed)
# --programs   also git, python3 and swift-format
#
# CC, CXX and SWIFTC (default clang, clang++, swiftc) build the programs; PRELOAD and MEMSCOPE (default: the package's
# release build) are the library and the command that the check of async callers uses. What is missing is said and
# skipped. Ends with 1 when a stack differs in a way that is not listed in Docs/unwinding.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
rate=20 seed=$(date +%s) programs=no failed=0
while [ $# -gt 0 ]; do
    case $1 in
        --rate) rate=$2; shift 2 ;;
        --seed) seed=$2; shift 2 ;;
        --programs) programs=yes; shift ;;
        *) sed -n '2,14p' "$0"; exit 2 ;;
    esac
done
CC=${CC:-clang} CXX=${CXX:-clang++} SWIFTC=${SWIFTC:-swiftc}
MEMSCOPE=${MEMSCOPE:-$root/.build/release/memscope}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
echo "seed $seed, rate $rate"

has() { command -v "$1" >/dev/null 2>&1; }
skip() { printf 'skipped: %s\n' "$*"; }

# compare NAME COMMAND…
compare() {
    name=$1
    shift
    rm -rf "$build/results"
    mkdir -p "$build/results" "$build/output"
    env MEMSCOPE=1 MEMSCOPE_OUTPUT="$build/output" STACK_RESULTS="$build/results" STACK_RATE="$rate" \
        STACK_SEED="$seed" LD_PRELOAD="$build/libstacks.so" "$@" >/dev/null 2>"$build/log" ||
        { echo "$name: ended with $?"; failed=1; }
    printf '%s: ' "$name"
    python3 "$here/stack_results.py" "$build/results" || failed=1
}

check_tasks() { # NAME, swiftc arguments…
    kind=$1
    shift
    $SWIFTC -swift-version 6 -parse-as-library "$@" "$here/tasks.swift" -o "$build/tasks-$kind"
    compare "tasks, $kind" "$build/tasks-$kind"
    [ -x "$MEMSCOPE" ] || { skip "the callers in tasks, $kind: no $MEMSCOPE"; return; }
    "$MEMSCOPE" run --output "$build/report-$kind" -- "$build/tasks-$kind" >/dev/null
    python3 "$here/check_tasks.py" "$build/report-$kind/report.json" || failed=1
}

"$here/build.sh" "$build"
for level in 0 2; do
    $CC -std=gnu2x -O$level -fomit-frame-pointer "$here/hazards.c" -o "$build/hazards$level" -lpthread
    compare "hazards, -O$level" "$build/hazards$level" "$seed"
done
$CXX -O2 "$here/exceptions.cpp" -o "$build/exceptions"
compare "C++ exceptions" "$build/exceptions"
if has "$SWIFTC"; then
    for mode in -O -Onone; do
        $SWIFTC -swift-version 6 $mode "$here/plain.swift" -o "$build/plain"
        compare "plain Swift, $mode" "$build/plain"
    done
    # Loops, in which a thread's earlier stacks come again.
    for loop in ObjectChurn:2 AsyncTasks:1000; do
        program=${loop%:*} count=${loop#*:}
        for flags in "" "-Xcc -fno-omit-frame-pointer"; do
            # shellcheck disable=SC2086
            $SWIFTC -swift-version 6 -parse-as-library -O $flags "$root/Benchmarks/Programs/$program.swift" \
                -o "$build/$program"
            compare "$program, -O $flags" "$build/$program" "$count"
        done
    done
    check_tasks release -O
    check_tasks debug -Onone
    check_tasks marked -O -Xfrontend -swift-async-frame-pointer=always
else
    skip "Swift programs: no $SWIFTC"
fi
if [ "$programs" = yes ]; then
    if has git; then compare "git log --stat" git -C "$root" log --stat; fi
    if has python3; then compare "python3" python3 -c 'import json, re, ssl; print(json.dumps([{"a": i} for i in range(300)]))'; fi
    if has swift-format; then compare "swift-format lint" swift-format lint -r "$root/Sources"; fi
fi
exit $failed

#!/usr/bin/env bash
# Runs random programs of structured concurrency under the tracker, in both build modes, and compares what the report says of
# their scopes and tasks with what they counted themselves.
#
# usage: run.sh [--programs NUMBER] [--seed SEED]
#
# NUMBER programs (60 unless told) run in each mode, thirty a process. A process that differs can be had again by its seed and
# its first program, which are printed. Needs the two builds: `swift build` and `swift build -c release`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
programs=60 seed=${SEED:-$RANDOM} per_process=30
while [ $# -gt 0 ]; do
    case $1 in
        --programs) programs=$2 ;;
        --seed) seed=$2 ;;
        *) echo "run.sh: unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done
work=${WORK:-$(mktemp -d)}
trap '[ -n "${WORK:-}" ] || rm -rf "$work"' EXIT

clang -std=c2x -O2 -g -Wall -Wextra -Werror -fPIC -shared -Wno-nullability-completeness "$here"/Truth/*.c -o "$work/libtruth.so" -ldl

echo "seed $seed, $programs programs in each mode"
for mode in debug release; do
    binary=$root/.build/$mode/random-programs
    [ -x "$binary" ] || { echo "run.sh: $binary is missing; swift build -c $mode makes it" >&2; exit 2; }
    directories=()
    for ((first = 0; first < programs; first += per_process)); do
        directory=$work/$mode-$first
        mkdir -p "$directory"
        LD_PRELOAD=$work/libtruth.so timeout 300 "$binary" "$seed" "$first" "$per_process" "$directory" ||
            { echo "FAILED: programs from $first on, seed $seed, $mode, ended with $?"; exit 1; }
        directories+=("$directory")
    done
    printf '%s: ' "$mode"
    python3 "$here/compare.py" "${directories[@]}"
done

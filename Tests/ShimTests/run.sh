#!/bin/sh
# Builds and runs the tests of the capture side's C units.
#
#   run.sh              everything that this machine has the tools for
#   run.sh --units      rings, thread states, shadow, tables, writer and hooks only
#   run.sh --measure    agreement with libunwind in programs at hand, and the benchmark
#
# TEST_SIZE=full repeats all as often as it says, also under the thread sanitizer and where threads are stopped.
# CC, CXX (default clang, clang++) build for this machine; AARCH64_CC (default aarch64-linux-gnu-gcc) and qemu-aarch64
# run the interpreter's tests for AArch64. What is missing is said and skipped.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
shim=$here/../../Sources/MemScopeShim
unwind=$shim/Unwind
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=${CC:-clang}
CXX=${CXX:-clang++}
AARCH64_CC=${AARCH64_CC:-aarch64-linux-gnu-gcc}
AARCH64_ROOT=${AARCH64_ROOT:-/usr/aarch64-linux-gnu}
flags="-std=c2x -g -Wall -Wextra -Werror -I$unwind -I$here"
interpreter_tests="cfi_interpreter_test cfi_expression_test cfi_fuzz_test"
walk="$here/reference_walk.c $here/walk_comparison.c $here/walk_hooks.c"

has() { command -v "$1" >/dev/null 2>&1; }
say() { printf '\n== %s\n' "$*"; }
skip() { printf 'skipped: %s\n' "$*"; }

has_libunwind() {
    ldconfig -p 2>/dev/null | grep -q 'libunwind\.so\.8'
}

build_preload() {
    $CC $flags -O2 -fPIC -shared -DWALK_PRELOAD "$unwind"/cfi*.c $walk -o "$build/preload.so" -lpthread -ldl
}

# compare NAME COMMAND…: agreement in a program that knows nothing of it.
compare() {
    name=$1
    shift
    has "$1" || { skip "$name: no $1"; return; }
    rm -f "$build/account"
    WALK_COMPARISON=$build/account LD_PRELOAD=$build/preload.so "$@" >/dev/null 2>&1 || true
    say "$name"
    # One line a process that allocated; the sum over all, then whatever differs.
    awk '/^walks/ { processes++; walks += $2; frames += $4; guessed += $11; same += $13 }
         /^ / { print }
         END { printf "%d processes, %d walks, %d frames (%d without CFI), same %d\n",
                      processes, walks, frames, guessed, same }' "$build/account"
    if grep -Eq 'theirs longer|differs|rules differ' "$build/account"; then return 1; fi
    grep -q '^walks' "$build/account"
}

test_interpreter() {
    for test in $interpreter_tests; do
        say "$test"
        $CC $flags -O1 -fsanitize=address,undefined -fno-sanitize-recover=all "$unwind"/cfi*.c "$here/$test.c" \
            -o "$build/$test.sanitized" 2>"$build/log" || { cat "$build/log"; exit 1; }
        "$build/$test.sanitized"
        for level in 0 2; do
            $CC $flags -O$level "$unwind"/cfi*.c "$here/$test.c" -o "$build/$test"
            "$build/$test"
        done
    done
}

test_aarch64() {
    if ! has "$AARCH64_CC" || ! has qemu-aarch64; then
        skip "AArch64: needs $AARCH64_CC and qemu-aarch64"
        return
    fi
    for test in $interpreter_tests; do
        say "$test on AArch64"
        $AARCH64_CC $flags -O2 "$unwind"/cfi*.c "$here/$test.c" -o "$build/$test.aarch64"
        qemu-aarch64 -L "$AARCH64_ROOT" "$build/$test.aarch64"
    done
    say "walk_smoke_test on AArch64"
    for protection in none standard; do
        $AARCH64_CC $flags -O2 -fomit-frame-pointer -mbranch-protection=$protection "$unwind"/cfi*.c \
            "$here/reference_walk.c" "$here/walk_smoke_test.c" -o "$build/smoke.aarch64"
        qemu-aarch64 -cpu max -L "$AARCH64_ROOT" "$build/smoke.aarch64"
    done
}

test_table() {
    if ! has readelf || ! has python3; then
        skip "the comparison with readelf: needs readelf and python3"
        return
    fi
    say "rules of every row against readelf's"
    $CC $flags -O2 "$unwind"/cfi*.c "$here/cfi_table_query.c" -o "$build/query" -ldl
    libraries=
    for name in libc.so.6 libm.so.6 libstdc++.so.6 libgcc_s.so.1 libcrypto.so.3; do
        path=$(ldconfig -p | sed -n "s|^[[:space:]]*$name .* => ||p" | head -n 1)
        if [ -n "$path" ]; then libraries="$libraries $path"; fi
    done
    python3 "$here/cfi_table_check.py" "$build/query" $libraries
}

test_walks() {
    say "walk_smoke_test"
    for level in 0 2; do
        $CC $flags -O$level -fomit-frame-pointer "$unwind"/cfi*.c "$here/reference_walk.c" "$here/walk_smoke_test.c" \
            -o "$build/smoke" -lpthread
        "$build/smoke"
    done
    $CC $flags -O2 -static "$unwind"/cfi*.c "$here/reference_walk.c" "$here/walk_smoke_test.c" \
        -o "$build/smoke" -lpthread
    "$build/smoke"
    if ! has_libunwind; then
        skip "the comparison with libunwind: needs libunwind.so.8"
        return
    fi
    say "walk_program against libunwind"
    $CC $flags -O2 -fomit-frame-pointer "$unwind"/cfi*.c $walk "$here/walk_program.c" \
        -o "$build/walk_program" -lpthread -ldl
    "$build/walk_program"
    say "walk_exceptions against libunwind"
    mkdir "$build/objects"
    for source in "$unwind"/cfi*.c $walk; do
        $CC $flags -O2 -c "$source" -o "$build/objects/$(basename "$source").o"
    done
    $CXX -O2 -Wall -Wextra -Werror "$here/walk_exceptions.cpp" "$build"/objects/*.o \
        -o "$build/walk_exceptions" -lpthread -ldl
    "$build/walk_exceptions"
}

# unit_objects NAME FLAGS…: the whole capture side, compiled once a kind.
unit_objects() {
    kind=$1
    shift
    mkdir "$build/$kind"
    for source in "$shim"/*/*.c; do
        $CC $unit_flags "$@" -c "$source" -o "$build/$kind/$(basename "$(dirname "$source")")_$(basename "$source" .c).o"
    done
}

test_units() {
    unit_flags="-std=c2x -gline-tables-only -Wall -Wextra -Werror -I$shim -I$shim/include -I$here"
    # The thread sanitizer of a Swift toolchain's clang needs that toolchain's libdispatch.
    dispatch=$(dirname "$(command -v "$CC")")/../lib/swift/linux
    thread_libraries=
    if [ -e "$dispatch/libdispatch.so" ]; then
        thread_libraries="-L$dispatch -Wl,-rpath,$dispatch -ldispatch -lBlocksRuntime"
    fi
    if [ "${TEST_SIZE:-sample}" = full ]; then unit_flags="$unit_flags -DFULL_SIZE"; fi
    unit_objects address -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
    unit_objects thread -O1 -fsanitize=thread
    unit_objects plain -O2
    for test in ring_test thread_state_test shadow_test stack_tables_test attribution_test writer_test reading_test \
        history_test ledger_book_test ledger_selection_test memory_limit_test; do
        say "$test"
        $CC $unit_flags -O1 -fsanitize=address,undefined -fno-sanitize-recover=all "$here/$test.c" \
            "$build"/address/*.o -o "$build/$test" -lpthread -ldl 2>"$build/log" || { cat "$build/log"; exit 1; }
        "$build/$test"
        $CC $unit_flags -O1 -fsanitize=thread "$here/$test.c" "$build"/thread/*.o -o "$build/$test" -lpthread -ldl \
            $thread_libraries
        "$build/$test"
        $CC $unit_flags -O2 "$here/$test.c" "$build"/plain/*.o -o "$build/$test" -lpthread -ldl
        "$build/$test"
    done
    # Without sanitizers: they keep a thread's state in its thread-local storage, which the helper that stops threads shares
    # with the thread it works for, and locks of theirs may be held by threads that stand still.
    for test in tracked_names_test hooks_stress_test hot_path_test world_test world_traffic_test world_calls_test world_denied_test; do
        say "$test"
        $CC $unit_flags -O2 "$here/$test.c" "$build"/plain/*.o -o "$build/$test" -lpthread -ldl
        "$build/$test"
    done
    # The same rules hold for a hook that looks at who frees.
    for test in hooks_stress_test hot_path_test; do
        say "$test, with custody"
        MEMSCOPE_CUSTODY=1 "$build/$test"
    done
}

measure() {
    say "cost"
    $CC $flags -O2 "$unwind"/cfi*.c "$here/reference_walk.c" "$here/cfi_benchmark.c" -o "$build/benchmark" -lpthread
    "$build/benchmark"
    has_libunwind || { skip "agreement: needs libunwind.so.8"; return; }
    build_preload
    compare "git log" git -C "$here" log --stat
    compare "python3" python3 -c 'import json, re, ssl; print(len(json.dumps([{"a": i} for i in range(300)])))'
    compare "swift-format lint" swift-format lint -r "$here/../../Sources"
}

if [ "${1:-}" = --measure ]; then
    measure
elif [ "${1:-}" = --units ]; then
    test_units
else
    test_units
    test_interpreter
    test_table
    test_walks
    test_aarch64
fi
say "all passed"

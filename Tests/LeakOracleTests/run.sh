#!/bin/sh
# Compares what MemScope calls leaked with what LeakSanitizer and Valgrind do, and runs programs that call LeakSanitizer's functions with its
# runtime and under MemScope.
#
#   run.sh [CASE…]      a sample of the cases, all with TEST_SIZE=full, or those named
#
# SEED chooses the sample. MEMSCOPE names the tool, MEMSCOPE_LIBRARY the preload library; else the release build's are taken.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cases=$root/Tests/LeakTests
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=${CC:-clang}
CXX=${CXX:-clang++}

if [ -z "${MEMSCOPE_LIBRARY:-}" ] || [ -z "${MEMSCOPE:-}" ]; then
    (cd "$root" && swift build -c release) >"$build/log" 2>&1 || { cat "$build/log"; exit 1; }
fi
MEMSCOPE_LIBRARY=${MEMSCOPE_LIBRARY:-$root/.build/release/libMemScopePreload.so}
MEMSCOPE=${MEMSCOPE:-$root/.build/release/memscope}
export MEMSCOPE MEMSCOPE_LIBRARY

# Without optimisation and knowledge of malloc, so that every allocation that is written is made.
flags="-O0 -fno-builtin -g -Wall -Wextra -Werror"
shim=$root/Sources/MemScopeShim
for sanitizer in "" -fsanitize=leak; do
    for program in block_cases thread_cases exit_cases; do
        $CC -std=gnu2x $flags $sanitizer -I"$shim/include" "$cases/$program.c" -o "$build/$program$sanitizer" -lpthread
    done
    $CXX -std=c++20 $flags $sanitizer "$cases/object_cases.cpp" -o "$build/object_cases$sanitizer"
    $CC -std=gnu2x $flags $sanitizer "$here/interface_cases.c" -o "$build/interface_cases$sanitizer" -lpthread
    $CC -std=gnu2x $flags $sanitizer "$here/definition_cases.c" -o "$build/definition_cases$sanitizer"
done
$CC -std=gnu2x $flags -shared -fPIC -ftls-model=global-dynamic "$cases/leak_library.c" -o "$build/leak_library.so"
# GCC's runtime is a library of its own, which a preloaded one stands before.
if command -v gcc >/dev/null && gcc -w -O0 -fno-builtin -fsanitize=leak "$here/interface_cases.c" -o "$build/interface_cases-gcc" -lpthread 2>/dev/null
then :; else rm -f "$build/interface_cases-gcc"; fi
python3 "$here/compare_counts.py" "$build" "$@"
python3 "$here/compare_interface.py" "$build" "$@"

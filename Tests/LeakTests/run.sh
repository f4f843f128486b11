#!/bin/sh
# Builds programs that know what leaks in them, runs them under the preload library, and compares what its captures say.
#
#   run.sh [CASE…]      all cases, or those named
#
# MEMSCOPE_LIBRARY names the preload library; else the release build's is taken, and made if need be.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
library=${MEMSCOPE_LIBRARY:-$root/.build/release/libMemScopePreload.so}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=${CC:-clang}
CXX=${CXX:-clang++}

[ -n "${MEMSCOPE_LIBRARY:-}" ] || (cd "$root" && swift build -c release --product MemScopePreload) >"$build/log" 2>&1 || {
    cat "$build/log"
    exit 1
}

# Without optimisation and knowledge of malloc, so that every allocation that is written is made.
flags="-std=gnu2x -O0 -fno-builtin -g -Wall -Wextra -Werror"
shim=$root/Sources/MemScopeShim
for program in block_cases thread_cases exit_cases late_cases; do
    $CC $flags -I"$shim/include" -I"$shim/Lifecycle" "$here/$program.c" -o "$build/$program" -lpthread -ldl
done
$CC -std=gnu2x -O1 -Wall -Wextra -Werror "$here/confined.c" -o "$build/confined"
$CXX -std=c++20 -O0 -fno-builtin -g -Wall -Wextra -Werror "$here/object_cases.cpp" -o "$build/object_cases"
$CC $flags -shared -fPIC -ftls-model=global-dynamic "$here/leak_library.c" -o "$build/leak_library.so"
if command -v swiftc >/dev/null 2>&1; then
    swiftc -Onone -swift-version 6 "$here/weak_cases.swift" -o "$build/weak_cases"
fi
python3 "$here/check.py" "$build" "$library" "$@"

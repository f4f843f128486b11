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
$CXX -std=c++20 -O0 -fno-builtin -g -Wall -Wextra -Werror "$here/object_cases.cpp" -o "$build/object_cases"
$CC $flags -shared -fPIC -ftls-model=global-dynamic "$here/leak_library.c" -o "$build/leak_library.so"
# Swift's cases in a debug build; in full also optimised, and both with the standard library in the executable.
swift_cases() { # NAME FLAGS…
    name=$1
    shift
    swiftc "$@" -g -swift-version 6 -parse-as-library -module-name SwiftCases "$here"/SwiftCases/*.swift -o "$build/$name" \
        2>"$build/log" || { cat "$build/log"; exit 1; }
}
if command -v swiftc >/dev/null 2>&1; then
    swift_cases swift_cases -Onone
    if [ "${TEST_SIZE:-sample}" = full ]; then
        swift_cases swift_cases_release -O
        swift_cases swift_cases_static -Onone -static-stdlib
        swift_cases swift_cases_release_static -O -static-stdlib
    fi
fi
python3 "$here/check.py" "$build" "$library" "$@"

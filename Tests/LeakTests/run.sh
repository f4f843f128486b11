#!/bin/sh
# Builds programs that know what leaks in them, runs them under the preload library, and compares what its captures say. Then the same
# where something is forbidden, many times in one process, and in programs that must not notice.
#
#   run.sh [CASE…]      everything, or the cases named
#
# MEMSCOPE_LIBRARY names the preload library, with the command line tool beside it; else the release build's are taken, and made if need be.
# TEST_SIZE=full searches more often.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
library=${MEMSCOPE_LIBRARY:-$root/.build/release/libMemScopePreload.so}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=${CC:-clang}
CXX=${CXX:-clang++}

build_product() {
    (cd "$root" && swift build -c release --product "$1") >"$build/log" 2>&1 || {
        cat "$build/log"
        exit 1
    }
}
[ -n "${MEMSCOPE_LIBRARY:-}" ] || {
    build_product MemScopePreload
    build_product memscope
}
# Somebody else than the one who builds runs some of it.
chmod 755 "$build"
cp "$library" "$(dirname "$library")/memscope" "$build"

# Without optimisation and knowledge of malloc, so that every allocation that is written is made.
flags="-std=gnu2x -O0 -fno-builtin -g -Wall -Wextra -Werror"
shim=$root/Sources/MemScopeShim
for program in block_cases thread_cases exit_cases late_cases repeated changing unnoticed; do
    $CC $flags -I"$shim/include" -I"$shim/Lifecycle" "$here/$program.c" -o "$build/$program" -lpthread -ldl
done
$CC -std=gnu2x -O1 -Wall -Wextra -Werror "$here/confined.c" -o "$build/confined"
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
[ $# -eq 0 ] || exit 0
python3 "$here/confined.py" "$build" "$build/$(basename "$library")" "$build/memscope"
python3 "$here/repeated.py" "$build" "$library"
python3 "$here/changing.py" "$build" "$library"
python3 "$here/unnoticed.py" "$build" "$library" "$build/memscope"

#!/bin/sh
# Builds programs that know what changes hands in them, runs them under the preload library with custody, and compares what
# their captures say.
#
#   run.sh [CASE…]      all cases, or those named
#
# TEST_SIZE=full adds builds without optimisation. MEMSCOPE_LIBRARY names the preload library; else the release build's is taken, and made if need be.
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

warnings="-Wall -Wextra -Werror"
# The library once with frame pointers and once without, since its callers are found through it.
$CC -std=gnu2x -O2 -fomit-frame-pointer -fno-builtin -g $warnings -shared -fPIC "$here/lender.c" -o "$build/liblender.so" -lpthread
link="-L$build -llender -Wl,-rpath,$build"
$CC -std=gnu2x -O1 $warnings -shared -fPIC -DPLUGIN=1 "$here/plugin.c" -o "$build/plugin1.so"
$CC -std=gnu2x -O1 $warnings -shared -fPIC -DPLUGIN=2 "$here/plugin.c" -o "$build/libswiftplugin.so"
# A sample, or all there is.
levels=2 swift_levels=O
if [ "${TEST_SIZE:-sample}" = full ]; then levels="0 2" swift_levels="Onone O"; fi
for level in $levels; do
    $CC -std=gnu2x -O$level -fno-builtin -fno-omit-frame-pointer -g $warnings "$here/plain_cases.c" -o "$build/plain_cases-O$level" $link -ldl
    $CXX -std=c++20 -O$level -fno-builtin -g $warnings "$here/object_cases.cpp" -o "$build/object_cases-O$level" $link
done
if command -v swiftc >/dev/null 2>&1; then
    for level in $swift_levels; do
        swiftc -$level -swift-version 6 -I "$here" -L "$build" -llender -Xlinker -rpath -Xlinker "$build" \
            "$here/swift_cases.swift" -o "$build/swift_cases-$level"
    done
    swiftc -O -static-stdlib -swift-version 6 -I "$here" -L "$build" -llender -Xlinker -rpath -Xlinker "$build" \
        "$here/swift_cases.swift" -o "$build/swift_cases-static"
fi
PYTHONPATH="$root/Tests/CaptureTests" PYTHONDONTWRITEBYTECODE=1 python3 "$here/check.py" "$build" "$library" "$@"

#!/bin/sh
# Builds the benchmark programs and the counting library into a directory; with `large` also fetches and builds the two
# large workloads there: SwiftNIO's performance tester and a source tree for swift-format.
#
# usage: build.sh OUTDIR [large]
set -eu
out=${1:?usage: build.sh OUTDIR [large]}
here=$(cd "$(dirname "$0")" && pwd)
shim=$here/../Sources/MemScopeShim
mkdir -p "$out"
out=$(cd "$out" && pwd)

# -fno-builtin, or the compiler leaves the pairs out; frame pointers, as SwiftPM builds have them.
for name in malloc_pairs live_churn resident searched_heap; do
    clang -std=gnu17 -O2 -g -fno-builtin -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -Wall -Wextra -pthread \
        -I"$shim/include" -I"$shim/Lifecycle" "$here/Programs/$name.c" -o "$out/$name"
done
# Swift twice: with the flag by which SwiftPM keeps frame pointers, and as plain `swiftc -O` builds, which has none.
build_swift() { # PROGRAM SUFFIX FLAGS...
    source=$here/Programs/$1.swift program=$out/$1$2
    shift 2
    [ "$program" -nt "$source" ] || swiftc -O -g -swift-version 6 -parse-as-library "$@" "$source" -o "$program"
}
build_swift LiveObjects "" -Xcc -fno-omit-frame-pointer
for name in ObjectChurn AsyncTasks RetainPairs; do
    build_swift $name "" -Xcc -fno-omit-frame-pointer
    build_swift $name NoFramePointers
done
clang -O2 -shared -fPIC "$here/../Tests/Fixtures/Oracle/counting.c" -o "$out/libcounting.so"
[ "${2:-}" = large ] || exit 0

if [ ! -x "$out/NIOPerformanceTester" ]; then
    [ -d "$out/swift-nio" ] ||
        git clone -q --depth 1 -b 2.101.2 https://github.com/apple/swift-nio "$out/swift-nio"
    swift build -c release -j 1 --package-path "$out/swift-nio" --product NIOPerformanceTester
    ln -sf "$(swift build -c release --package-path "$out/swift-nio" --show-bin-path)/NIOPerformanceTester" "$out/"
fi
if [ ! -d "$out/swift-syntax" ]; then
    git clone -q --depth 1 -b 603.0.1 https://github.com/swiftlang/swift-syntax "$out/swift-syntax"
fi

#!/bin/sh
# Runs programs with hard habits under the preload library. Arguments are passed on: names of tests to run.
#
#   swift build -c release && Tests/CaptureTests/run.sh [CLASS[.TEST]…]
#
# MEMSCOPE_PRELOAD names another library than the release build's, JEMALLOC another place of libjemalloc.so.2.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
MEMSCOPE_PRELOAD=${MEMSCOPE_PRELOAD:-$root/.build/release/libMemScopePreload.so}
MEMSCOPE_PRELOAD=$(realpath "$MEMSCOPE_PRELOAD")
MEMSCOPE_PROGRAMS=$(mktemp -d)
export MEMSCOPE_PRELOAD MEMSCOPE_PROGRAMS
trap 'rm -rf "$MEMSCOPE_PROGRAMS"' EXIT
chmod 755 "$MEMSCOPE_PROGRAMS"
CC=${CC:-clang}
CXX=${CXX:-clang++}
flags="-g -O1 -fno-builtin -fno-inline -Wall -Wextra -Werror -Wno-infinite-recursion"
placed="-fuse-ld=bfd -Wl,-Ttext-segment=0x20000000000"

for source in "$here"/programs/*.c; do
    name=$(basename "$source" .c)
    case $name in
        plugin)
            $CC $flags -std=c2x -shared -fPIC $placed -DPLUGIN=1 "$source" -o "$MEMSCOPE_PROGRAMS/plugin1.so"
            $CC $flags -std=c2x -shared -fPIC $placed -DPLUGIN=2 "$source" -o "$MEMSCOPE_PROGRAMS/plugin2.so" ;;
        loading)
            # Only a program at a fixed address lets the loader honour the one that a library asks for.
            $CC $flags -std=c2x -no-pie "$source" -o "$MEMSCOPE_PROGRAMS/$name" -ldl ;;
        *_allocator)
            $CC $flags -std=c2x -shared -fPIC "$source" -o "$MEMSCOPE_PROGRAMS/$name.so" ;;
        *)
            $CC $flags -std=c2x "$source" -o "$MEMSCOPE_PROGRAMS/$name" -lpthread -ldl ;;
    esac
done
for source in "$here"/programs/*.cpp; do
    $CXX $flags -std=c++20 "$source" -o "$MEMSCOPE_PROGRAMS/$(basename "$source" .cpp)" -lpthread
done

cd "$MEMSCOPE_PROGRAMS"
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 python3 "$here/capture_tests.py" "$@"

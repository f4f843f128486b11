#!/bin/sh
# Builds the capture library for tests: build.sh DIRECTORY. CC (default clang) and CFLAGS apply.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shim=$here/../../Sources/MemScopeShim
out=$1
CC=${CC:-clang}
flags="-std=c2x -O2 -g -fPIC -fno-omit-frame-pointer -Wall -Wextra -Werror -I$shim -I$shim/include ${CFLAGS:-}"
mkdir -p "$out/objects"
for source in $(find "$shim" -name '*.c') "$here/stack_comparison.c"; do
    $CC $flags -c "$source" -o "$out/objects/$(basename "$(dirname "$source")")_$(basename "$source" .c).o"
done
$CC -shared -o "$out/libstacks.so" "$out"/objects/*.o -Wl,--wrap=memscope_walk,--wrap=memscope_attribution_refresh -lpthread -ldl \
    -Wl,--version-script="$shim/../MemScopePreload/exports.map"

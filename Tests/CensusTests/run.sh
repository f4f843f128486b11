#!/bin/sh
# Runs programs that know of which types their blocks are under the preload library, and compares the census of their captures.
#
# MEMSCOPE_LIBRARY names the preload library and MEMSCOPE_COMMAND the tool; else those of the release build are taken.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
library=${MEMSCOPE_LIBRARY:-$root/.build/release/libMemScopePreload.so}
memscope=${MEMSCOPE_COMMAND:-$root/.build/release/memscope}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

swiftc -O -swift-version 6 -parse-as-library "$here/census.swift" -o "$build/census"
${CXX:-clang++} -std=c++20 -O1 -Wall -Wextra -Werror "$here/objects.cpp" -o "$build/objects"
PYTHONPATH=$here/../CaptureTests PYTHONDONTWRITEBYTECODE=1 python3 "$here/check.py" "$build" "$library" "$memscope"

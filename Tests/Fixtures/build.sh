#!/bin/sh
# Builds the fixture programs, the counting library and the stand-in for the preload library into one directory.
#
# usage: build.sh OUTDIR [NAME...]     all of them, or those named; what is newer than its source is left alone
set -eu
out=${1:?usage: build.sh OUTDIR [NAME...]}
shift
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

wanted() {
    [ $# -gt 0 ] || return 0
    name=$1
    shift
    [ $# -eq 0 ] && return 0
    for one in "$@"; do [ "$one" = "$name" ] && return 0; done
    return 1
}

build() { # OUTPUT SOURCE COMMAND...
    output=$out/$1 from=$2
    shift 2
    [ "$output" -nt "$from" ] && return 0
    echo "$(basename "$output")"
    "$@" "$from" -o "$output"
}

# Without -fno-builtin the compiler leaves out allocations whose blocks are not used.
c="clang -std=gnu17 -g -O1 -fno-builtin -fno-omit-frame-pointer -Wall -Wextra -pthread"
for source in "$here"/Programs/*.c; do
    name=$(basename "$source" .c)
    wanted "$name" "$@" || continue
    case $name in
        plugin) ;;
        loading)
            build plugin.so "$here/Programs/plugin.c" $c -shared -fPIC
            build "$name" "$source" $c
            ;;
        *) build "$name" "$source" $c ;;
    esac
done
for source in "$here"/Programs/*.cpp; do
    name=$(basename "$source" .cpp)
    wanted "$name" "$@" || continue
    build "$name" "$source" clang++ -std=c++20 -g -O1 -fno-builtin -Wall -Wextra -pthread
done
for source in "$here"/Programs/*.swift "$here"/../../Benchmarks/Programs/*.swift; do
    name=$(basename "$source" .swift)
    wanted "$name" "$@" || continue
    build "$name" "$source" swiftc -O -g -swift-version 6 -parse-as-library
done
wanted counting "$@" && build libcounting.so "$here/Oracle/counting.c" clang -O2 -Wall -Wextra -shared -fPIC
wanted standin "$@" && build libstandin.so "$here/Run/standin.c" clang -O1 -Wall -Wextra -shared -fPIC
exit 0

#!/bin/sh
# Runs programs under the retain ledger: some that know every retain and release of theirs, and a zoo that must do what it does
# without. With TEST_SIZE=full also the tests of large packages, which are fetched and built for it.
#
#   swift build -c release && Tests/LedgerTests/run.sh [PACKAGE…]
#
# MEMSCOPE_COMMAND and MEMSCOPE_LIBRARY name another command and preload library than the release build's.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
command=$(realpath "${MEMSCOPE_COMMAND:-$root/.build/release/memscope}")
library=$(realpath "${MEMSCOPE_LIBRARY:-$root/.build/release/libMemScopePreload.so}")
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=${CC:-clang}

$CC -std=gnu2x -O0 -g -fno-omit-frame-pointer -Wall -Wextra -Werror -c "$here/places.c" -o "$build/places.o"
program() { # NAME SOURCE FLAGS…
    name=$1 source=$2
    shift 2
    swiftc -g -parse-as-library -swift-version 6 -module-name "$source" "$@" "$here/$source.swift" -o "$build/$name"
}
truth="-import-objc-header $here/places.h $build/places.o"
program debug truth -Onone $truth
program static truth -Onone -static-stdlib $truth
program optimised truth -O $truth
program zoo zoo -O
$CC -std=gnu2x -O1 -g -shared -fPIC -Wall -Wextra -Werror "$here/interposer.c" -o "$build/interposer.so" -ldl
python3 "$here/check.py" "$build" "$command" "$library"

[ "${TEST_SIZE:-sample}" = full ] || exit 0
[ $# -gt 0 ] || set -- apple/swift-argument-parser@1.8.2 apple/swift-algorithms@1.2.1 hummingbird-project/hummingbird@2.28.1 groue/GRDB.swift@7.10.0
scratch=${LEDGER_SCRATCH:-$root/.build/ledger}
mkdir -p "$scratch"
for package in "$@"; do
    name=${package#*/} version=${package#*@}
    name=${name%@*}
    # Some put a v before their versions.
    for tag in "$version" "v$version"; do
        [ -d "$scratch/$name" ] || git clone -q -c advice.detachedHead=false -b "$tag" "https://github.com/${package%@*}" "$scratch/$name" || true
    done
    (
        cd "$scratch/$name"
        swift build -q --build-tests
        tests=$(find "$(swift build --show-bin-path)" -maxdepth 1 -name '*.xctest' -type f)
        # XCTest and Swift Testing run in processes of their own.
        for testing in xctest swift-testing; do
            option=
            [ $testing = xctest ] || option="--testing-library swift-testing"
            for way in plain ledger; do
                set +e
                if [ $way = plain ]; then "$tests" $option >"$build/$way" 2>&1; else
                    "$command" run --library "$library" --ownership all --output "$build/report" -- "$tests" $option >"$build/$way" 2>&1
                fi
                echo $? >"$build/$way.status"
                set -e
            done
            python3 "$here/suites.py" "$name ($testing)" "$build"
        done
    )
done

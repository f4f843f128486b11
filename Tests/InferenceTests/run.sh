#!/bin/sh
# Builds programs whose truth is known, and measures what confidences in inferences meant over them.
#
#   run.sh                one build of each: whether confidences are borne out
#   run.sh --all          all builds, and whether Docs/inferences.md says what is measured
#   run.sh --write        all builds, and writes it there
#
# MEMSCOPE_COMMAND names the command; else the release build's is taken, and made if need be.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
command=${MEMSCOPE_COMMAND:-$root/.build/release/memscope}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
command -v swiftc >/dev/null 2>&1 || { echo "skipped: there is no Swift compiler"; exit 0; }

[ -n "${MEMSCOPE_COMMAND:-}" ] || (cd "$root" && swift build -c release) >"$build/log" 2>&1 || {
    cat "$build/log"
    exit 1
}

# Names tell why storage was allocated: so with debug information and without, optimised and not.
swiftc -O -g -swift-version 6 "$here/copies.swift" -o "$build/copies-O-g"
swiftc -Onone -g -swift-version 6 "$here/classes.swift" -o "$build/classes-Onone-g"
if [ $# -gt 0 ]; then
    swiftc -O -swift-version 6 "$here/copies.swift" -o "$build/copies-O"
    swiftc -Onone -g -swift-version 6 "$here/copies.swift" -o "$build/copies-Onone-g"
    swiftc -O -swift-version 6 "$here/classes.swift" -o "$build/classes-O"
fi
PYTHONDONTWRITEBYTECODE=1 python3 "$here/check.py" "$build" "$command" "$root/Docs/inferences.md" "$@"

#!/usr/bin/env bash
# Runs a Hummingbird server with every integration, asks it over the network, and checks the reports, gauges, spans and
# log lines; puts a load on another; builds and runs what the page about integrations shows; and checks that who enables no trait resolves none
# of the packages.
#
# usage: run.sh [BUILD]      BUILD is where all is built, .build/integrations if not given; some minutes at first
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${1:-$root/.build/integrations}
snippets=$root/Tests/DocsTests/snippets.py
page=$root/Sources/MemScope/MemScope.docc/Integrations.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$here/resolution.sh" "$scratch/resolution"

# Both packages beside a clone, as the page has it, and always in the same place and build folder: the packages that
# they depend on are then built once. Debug, which takes half the time of a release build.
place=$build/packages
# SwiftPM passes a package's traits to the compiler in the order of a set, and so builds anew what it has, if this differs.
export SWIFT_DETERMINISTIC_HASHING=1
rm -rf "$place"
mkdir -p "$place/App"
ln -s "$root" "$place/memscope"
cp -R "$root/Tests/Fixtures/TrackedServer" "$place/TrackedServer"
sed -i 's|path: "../../.."|path: "../memscope"|' "$place/TrackedServer/Package.swift"
names=$(python3 "$snippets" server "$place/App" "$page")

build_package() { # NAME     prints where the programs are
    local command=(swift build --package-path "$place/$1" --scratch-path "$build" -j "${JOBS:-2}" --disable-index-store)
    "${command[@]}" >"$scratch/build.log" 2>&1 || { tail -n 40 "$scratch/build.log" >&2; return 1; }
    if grep -E 'warning:' "$scratch/build.log" | grep -E "^($root|$place)/(memscope/)?(Sources|Tests|App|TrackedServer)/" >&2; then return 1; fi
    "${command[@]}" --show-bin-path
}

bin=$(build_package TrackedServer)
mkdir "$scratch/out"
timeout -k 10 120 "$bin/Check" "$scratch/out" >"$scratch/log" 2>"$scratch/errors" ||
    { echo "the program ended with status $?"; cat "$scratch/log" "$scratch/errors"; exit 1; }
python3 "$here/check.py" "$scratch/out" "$scratch/log" || { cat "$scratch/errors"; exit 1; }
"$here/load.sh" "$bin/Server" "$([ "${TEST_SIZE:-sample}" = full ] && echo 30 || echo 2)"

bin=$(build_package App)
mkdir "$scratch/page"
{ echo "trap 'jobs -p | xargs -r kill' EXIT"; python3 "$snippets" server-sh "$page"; } >"$scratch/commands.sh"
for name in $names; do
    # The program with `@main` is the one that the page's commands run.
    if [ -e "$place/App/Sources/$name/Snippet.swift" ]; then
        ln -sf "$bin/$name" "$scratch/page/App"
    else
        (cd "$scratch/page" && timeout -k 10 60 "$bin/$name" >"$scratch/$name.out" 2>&1) ||
            { echo "$name failed"; cat "$scratch/$name.out"; exit 1; }
    fi
done
(cd "$scratch/page" && timeout -k 10 60 bash "$scratch/commands.sh" >"$scratch/commands.out" 2>&1) ||
    { echo "the page has a command that fails:"; tail -n 20 "$scratch/commands.out"; exit 1; }
echo "routes, spans, gauges, log lines and the report at shutdown agree; the page's programs and commands work"

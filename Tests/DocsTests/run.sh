#!/usr/bin/env bash
# Runs the commands of the README and of the documentation, and builds and runs their Swift, as they stand there.
#
# usage: run.sh      after `swift build -c release`
#
# Commands of the README and of Docs/ run in the root of the repository, where their readers are, those of the library's
# catalogue in a directory of their own with memscope on the PATH.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
had_report=no
[ -e "$root/memscope-report" ] && had_report=yes
cleanup() {
    rm -rf "$scratch"
    if [ $had_report = no ]; then rm -rf "$root/memscope-report"; fi
}
trap cleanup EXIT
limit=${DOCS_LIMIT:-900}

pages=("$root/README.md" "$root"/Docs/*.md "$root"/Sources/MemScope/MemScope.docc/*.md)

# Links between files of the repository lead somewhere.
for page in "${pages[@]}"; do
    while read -r link; do
        [ -e "$(dirname "$page")/$link" ] || { echo "$page links to $link, which is not there"; exit 1; }
    done < <({ grep -oE '\]\([^)#:]+\)' "$page" || true; } | sed 's/^](//; s/)$//')
done

# The package stands beside a clone called memscope, as the manifest has it.
ln -s "$root" "$scratch/memscope"
mkdir -p "$scratch/App"
names=$(python3 "$here/snippets.py" swift "$scratch/App" "${pages[@]}")
build_folder=$root/.build/docs
if [ "${TEST_SIZE:-sample}" != full ]; then
    # That the manifest finds the library is seen without a build. Then the library is named by where it is, and the build is its own
    # folder's: what `swift test` or `swift build` has built there is not built once more.
    swift package --package-path "$scratch/App" --scratch-path "$scratch/resolution" resolve >"$scratch/build.log" 2>&1 ||
        { tail -n 40 "$scratch/build.log"; exit 1; }
    sed -i "s|path: \"../memscope\"|name: \"memscope\", path: \"$root\"|" "$scratch/App/Package.swift"
    build_folder=$root/.build
fi
build=(swift build --package-path "$scratch/App" --scratch-path "$build_folder" -j "${JOBS:-2}")
"${build[@]}" >"$scratch/build.log" 2>&1 || { tail -n 40 "$scratch/build.log"; exit 1; }
if grep -E 'warning:' "$scratch/build.log" | grep -F "$scratch/App"; then exit 1; fi
bin=$("${build[@]}" --show-bin-path)
mkdir "$scratch/swift"
for name in $names; do
    (cd "$scratch/swift" && timeout "$limit" "$bin/$name" >"$scratch/$name.out" 2>&1) ||
        { echo "$name failed"; cat "$scratch/$name.out"; exit 1; }
    # What refuses to track says so, and the snippet would have shown nothing.
    if grep -n 'not tracked' "$scratch/$name.out"; then exit 1; fi
done
[ -s "$scratch/swift/memscope-report/report.html" ] || { echo "the snippets have left no report"; exit 1; }
echo "built and ran $(wc -w <<<"$names") Swift snippets"

for page in "${pages[@]}"; do
    python3 "$here/snippets.py" sh "$page" >"$scratch/commands.sh"
    grep -q '^echo' "$scratch/commands.sh" || continue
    case $page in
        "$root"/Sources/*)
            place=$scratch/$(basename "$page" .md)
            mkdir "$place"
            # The program that the pages speak of is the one of Getting started.
            ln -s "$bin/GettingStarted1" "$place/App"
            search=$root/.build/release:$PATH
            ;;
        *) place=$root search=$PATH ;;
    esac
    (cd "$place" && PATH=$search timeout "$limit" bash "$scratch/commands.sh" >"$scratch/commands.out" 2>&1) ||
        { echo "$(basename "$page") has a command that fails:"; tail -n 20 "$scratch/commands.out"; exit 1; }
    echo "ran the commands of ${page#"$root"/}"
done

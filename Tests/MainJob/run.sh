#!/bin/sh
# Runs programs that people have under `memscope run`, as they would, and checks that nothing is lost and nothing
# changes: the same ending, the same output, no dropped event, and names for nearly all frames.
#
# usage: run.sh      after `swift build -c release`
#
# MEMSCOPE_COMMAND names another executable; TEST_SIZE=full asks the server for longer and counts all names. REPORTS names a directory
# where the reports stay, each in one of its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
memscope=${MEMSCOPE_COMMAND:-$root/.build/release/memscope}
size=${TEST_SIZE:-sample}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

fail() {
    echo "  FAILED: $*"
    failed=$((failed + 1))
}

# Exact figures, nothing dropped, and allocations at all.
check_report() { # DIRECTORY
    python3 - "$1/report.json" <<'P' || fail "the report is not what it should be"
import json, sys
report = json.load(open(sys.argv[1]))
capture, summary = report["capture"], report["summary"]
print(f"  {summary['allocations']} allocations, {capture['events']} events, {capture['droppedEvents']} dropped, "
      f"{capture['truncatedStacks']} stacks cut, {len(report['callTree']['nodes'])} nodes")
assert capture["droppedEvents"] == 0, capture
assert capture["mode"] == "exact" and summary["allocations"] > 0, summary
assert summary["allocations"] - summary["frees"] == summary["liveBlocks"], summary
P
}

keep_report() { # DIRECTORY NAME
    [ -n "${REPORTS:-}" ] || return 0
    mkdir -p "$REPORTS/$2"
    cp "$1/report.html" "$1/report.json" "$REPORTS/$2"
}

# check NAME ADDRESSES COMMAND...: alone and tracked. ADDRESSES: yes to look at the names of all addresses too.
check() {
    name=$1 addresses=$2
    shift 2
    echo "$name"
    output=$scratch/$name
    mkdir -p "$output"
    alone=0 tracked=0
    "$@" >"$scratch/alone.out" 2>"$scratch/alone.err" </dev/null || alone=$?
    "$memscope" run --keep-capture --output "$output" -- "$@" \
        >"$scratch/tracked.out" 2>"$scratch/tracked.err" </dev/null || tracked=$?
    [ $alone -eq $tracked ] || fail "ends with $tracked, alone with $alone"
    for stream in out err; do
        cmp "$scratch/alone.$stream" "$scratch/tracked.$stream" || fail "does not write the same"
    done
    echo "  ends with $tracked, writes $(wc -c <"$scratch/tracked.out") and $(wc -c <"$scratch/tracked.err") bytes"
    if [ ! -s "$output/report.html" ]; then
        fail "left no page"
        return
    fi
    check_report "$output"
    if [ "$addresses" = yes ]; then
        python3 "$here/names.py" --addresses "$memscope" "$output" || fail "too many frames without names"
    else
        python3 "$here/names.py" "$output" || fail "too many frames without names"
    fi
    keep_report "$output" "$name"
    rm -rf "$output"
}

sources=$root/.build/checkouts
[ -d "$sources" ] || { echo "no $sources: build first"; exit 1; }
# Rules of its own, so that there is much to say, and an ending other than 0.
rules='{"version": 1, "lineLength": 60, "indentation": {"spaces": 3}}'
all=no
[ "$size" = full ] && all=yes
check swift-format $all swift-format lint --strict --configuration "$rules" -r "$sources"
check swift-format-one yes swift-format lint --strict --configuration "$rules" \
    "$sources/swift-argument-parser/Sources/ArgumentParser/Usage/HelpGenerator.swift"
check git yes git -C "$root" log --stat -n 200
check python3 yes python3 -c 'import json, re; print(len(json.dumps([{"a": i} for i in range(3000)])))'
check swift-demangle yes swift-demangle '$s4main3FooV3bar5otherSSSi_tF' '$sSayxGSTsMc'

echo demo
demo=$root/Tests/Fixtures/Demo
swift build -c release --package-path "$demo" --scratch-path "$root/.build" >"$scratch/demo.log" 2>&1 || { tail -n 20 "$scratch/demo.log"; exit 1; }
"$memscope" run --leaks --output "$scratch/demo" -- "$root/.build/release/Demo" | grep -q '^answered 4000 requests' ||
    fail "says something else"
check_report "$scratch/demo"
keep_report "$scratch/demo" demo
# Its scopes are entered in tasks, by a library that does not track: the preloaded one does.
python3 - "$scratch/demo/report.json" <<'P' || fail "the report lacks what the demo does"
import json, sys
report = json.load(open(sys.argv[1]))
scopes = {scope["name"]: scope for scope in report["scopes"]}
for name, entries in (("POST /orders", 1000), ("GET /orders", 3000), ("render", 3000)):
    assert scopes[name]["entries"] == entries and scopes[name]["selfAllocations"] > 0, scopes[name]
assert len(report["timeline"]["marks"]) == 20, report["timeline"]["marks"]
assert any(row["name"] == "Demo.Order" for row in report["types"]), report["types"]
# The sessions that customers leave open leak, with what hangs on them, and nothing else does. A cycle begins anywhere.
sessions = 0
for cycle in report["cycles"]:
    fields = {member["type"]: edge["field"] for member, edge in zip(cycle["members"], cycle["edges"])}
    assert fields.get("Demo.Session") == "closed", cycle
    sessions += cycle["instances"]
    assert cycle["members"][cycle["suggestedEdge"]]["type"].startswith("closure context (Demo.Session"), cycle
assert 100 < sessions <= 120, report["cycles"]
assert all(group["category"] in ("cycle", "held") for group in report["leaks"]["groups"]), report["leaks"]["groups"]
P

echo server
seconds=3
PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PORT
[ "$size" = full ] && seconds=60
if "$here/../Fixtures/server.sh" "$root/.build/server" $seconds "$memscope" run --output "$scratch/server" -- \
    >"$scratch/server.log" 2>&1; then
    sed 's/^/  /' "$scratch/server.log"
    grep -q 'Non-2xx\|Socket errors' "$scratch/server.log" && fail "some requests were not answered"
    check_report "$scratch/server"
    keep_report "$scratch/server" server
    python3 "$here/names.py" "$scratch/server" || fail "too many frames without names"
else
    tail -n 20 "$scratch/server.log"
    fail "the server did not end well"
fi

[ $failed -eq 0 ] || { echo "$failed failed"; exit 1; }
echo "all programs behave as they do alone"

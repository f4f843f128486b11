#!/usr/bin/env bash
# Puts a load on the server of the fixture TrackedServer with wrk, and checks that the first line of its report names the route
# that keeps memory, the type that is kept, and where it is allocated; and that the cycles which another route leaks are found, one for
# each request, with their types, references and scope.
#
# usage: load.sh SERVER [SECONDS]      SERVER is the built program; each route is asked for SECONDS, 2 unless told
set -euo pipefail
server=${1:?usage: load.sh SERVER [SECONDS]}
seconds=${2:-2}
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$scratch"' EXIT

MEMSCOPE_LEAKS=graph "$server" 0 "$scratch/report" >"$scratch/out" &
pid=$!
for ((tries = 0; tries < 200; tries++)); do
    if grep -q '^listening' "$scratch/out"; then break; fi
    sleep 0.1
done
port=$(sed -n 's/^listening on //p' "$scratch/out")
[ -n "$port" ] || { echo "the server does not listen"; exit 1; }
for route in keep plain leak feed keep; do
    wrk -t 1 -c 16 -d "${seconds}s" "http://127.0.0.1:$port/$route" >"$scratch/wrk"
    if grep -E 'Non-2xx|Socket errors' "$scratch/wrk"; then exit 1; fi
done
kill -TERM $pid
wait $pid
python3 - "$scratch/report/report.json" <<'END'
import json
import re
import sys

report = json.load(open(sys.argv[1]))
line = report["summary"]["headline"]
print(line)
for part in (r"^GET /keep\b", r"\bKeptPage\b", r"Archive\.keep\(\)", r"Archive\.swift:\d+"):
    assert re.search(part, line), f"the headline has no {part}"
runs = {row["name"]: row["runs"] for row in report["scopes"]}
# A page is an object with a kibibyte in it. What answers a request may live a little longer than the run, whichever route it is.
assert 1024 < runs["GET /keep"]["retainedBytes"]["median"] < 2048, runs["GET /keep"]
assert runs["GET /plain"]["retainedBytes"]["median"] < 1024, runs["GET /plain"]
# Each request of this route leaks a visit of 40 bytes and a log of 280 that hold each other, and all of that is found.
scopes = {row["name"]: row for row in report["scopes"]}
visits = scopes["GET /leak"]["entries"]
leaks = {(group["category"], group["type"]): group["blocks"] for group in report["leaks"]["groups"]}
found = leaks.get(("cycle", "Server.Visit"), 0)
# One in a hundred may be hidden by a number that looks like a reference, in a buffer that was not written to yet.
assert 0.99 * visits <= found <= visits and visits > 0 and leaks.get(("cycle", "Server.Visit.Log")) == found, (visits, leaks)
assert scopes["GET /leak"]["leakedBytes"] == found * 320, scopes["GET /leak"]
assert all(scopes[name]["leakedBytes"] == 0 for name in scopes if name != "GET /leak"), report["scopes"]
assert report["leaks"]["blocks"] == 2 * found, report["leaks"]["groups"][:5]
(cycle,) = report["cycles"]
members = {member["type"]: member for member in cycle["members"]}
fields = {member["type"]: edge["field"] for member, edge in zip(cycle["members"], cycle["edges"])}
assert fields == {"Server.Visit": "onEnd", "Server.Visit.Log": "visit"} and cycle["instances"] == found, cycle
closure = members["Server.Visit.Log"]["closure"]
assert closure["function"].startswith("closure #1 in static Visit.begin()") and closure["file"].endswith("Visit.swift"), closure
# What can be reached through one route's blocks alone: an object of 1040 bytes a page, and the array of all. Besides, what requests
# allocated first that the server then keeps. What leaked is reached through nothing.
pages, slack = runs["GET /keep"]["ended"], 64 << 10
sole = {name: row["soleBytes"] for name, row in scopes.items()}
assert 1040 * pages <= sole["GET /keep"] <= 1040 * pages + 2 * 8 * pages + slack, (pages, sole)
assert all(sole[name] <= slack for name in sole if name != "GET /keep"), sole
print(f"{visits} requests leaked a cycle each, {found} were found, by {closure['function']} at line {closure['line']}")
print(f"{pages} requests kept a page each, {sole['GET /keep']} bytes that only they keep, of {sum(run['ended'] for run in runs.values())}")
END

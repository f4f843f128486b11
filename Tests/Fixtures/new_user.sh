#!/bin/sh
# Builds and runs the NewUser package the ways a user would: debug, release, with a static standard library, and under
# the address and thread sanitizers, where tracking refuses with a reason and the program lives on.
#
# usage: new_user.sh [SCRATCH] [WAY...]     ways: debug release static address thread
#
# All ways if none is named and TEST_SIZE is full; else all but one of the sanitizers, which SEED chooses. Debug and release are then built
# in the library's own folder, where the library has been built the same way and need not be again, and static is a debug build, which
# takes half the time.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=${1:-$(mktemp -d)}
[ $# -gt 0 ] && shift
size=${TEST_SIZE:-sample}
ways="debug release static address thread" static_configuration=release
if [ "$size" != full ]; then
    seed=${SEED:-$(date +%s)}
    sanitizer=address
    [ $((seed % 2)) -eq 0 ] || sanitizer=thread
    ways="debug release static $sanitizer" static_configuration=debug
    [ $# -gt 0 ] || echo "seed $seed: of the sanitizers $sanitizer"
fi
ways=${*:-$ways}
failed=0

fail() {
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

try() { # WAY TRACKED FLAGS...
    way=$1 tracked=$2 place=$scratch/$1
    shift 2
    case $size:$way in
        full:*) ;;
        *:debug | *:release) place=$root/.build ;;
        # Nobody browses what is built here.
        *) set -- "$@" --disable-index-store ;;
    esac
    if ! swift build --package-path "$here/NewUser" --scratch-path "$place" "$@" >"$scratch/$way.log" 2>&1; then
        tail -n 20 "$scratch/$way.log"
        fail "$way" "does not build; $scratch/$way.log"
        return
    fi
    program=$(swift build --package-path "$here/NewUser" --scratch-path "$place" "$@" --show-bin-path)/NewUser
    output=$scratch/$way-out
    rm -rf "$output"
    said=$("$program" "$output" 2>"$scratch/$way.err")
    status=$?
    [ $status -eq 0 ] || fail "$way" "ends with $status: $(head -c 500 "$scratch/$way.err")"
    case $said in *"worked: 400"*) ;; *) fail "$way" "says: $said" ;; esac
    if [ "$tracked" = yes ]; then
        case $said in *"not tracked"*) fail "$way" "says: $said" ;; esac
        for file in report.json report.html; do
            [ -s "$output/$file" ] || fail "$way" "left no $file"
        done
        python3 - "$output/report.json" <<'P' || fail "$way" "the report lacks the scope"
import json, sys
report = json.load(open(sys.argv[1]))
scope = [scope for scope in report["scopes"] if scope["name"] == "work"]
assert scope and scope[0]["allocations"] > 500, scope
P
    else
        case $said in *"not tracked: "?*) ;; *) fail "$way" "start() has thrown nothing that can be read: $said" ;; esac
    fi
}

try_way() { # WAY
    case $1 in
        debug) try debug yes ;;
        release) try release yes -c release ;;
        static) try static yes -c "$static_configuration" --static-swift-stdlib ;;
        address) try address no --sanitize=address ;;
        thread) try thread no --sanitize=thread ;;
        *) fail "$1" "unknown way" ;;
    esac
}

# Two at a time: a build waits for its own stages half of the time. Each says itself what failed.
mkdir -p "$scratch"
rm -f "$scratch"/*.said
started=0
for way in $ways; do
    { try_way "$way"; echo "$way: $failed failed"; } >"$scratch/$way.said" 2>&1 &
    started=$((started + 1))
    [ $((started % 2)) -eq 1 ] || wait
done
wait
for way in $ways; do
    cat "$scratch/$way.said"
    grep -q "^$way: 0 failed\$" "$scratch/$way.said" || failed=$((failed + 1))
done
exit $((failed > 0))

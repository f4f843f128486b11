#!/bin/sh
# Builds the Server package, starts it alone or by the given command, and lets wrk ask it.
#
# usage: server.sh SCRATCH [SECONDS [COMMAND...]]      e.g. server.sh /tmp/server 10 memscope run --output /tmp/out --
# PORT chooses the port (8123).
set -eu
scratch=${1:?usage: server.sh SCRATCH [SECONDS [COMMAND...]]}
seconds=${2:-5}
shift
[ $# -gt 0 ] && shift
here=$(cd "$(dirname "$0")" && pwd)
port=${PORT:-8123}
mkdir -p "$scratch"
build="swift build -c release --package-path $here/Server --scratch-path $scratch/build"
$build -j 1 >"$scratch/build.log" 2>&1 || { tail -n 20 "$scratch/build.log"; exit 1; }
program=$($build --show-bin-path)/Server

: >"$scratch/out"
"$@" "$program" "$port" >"$scratch/out" &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
tries=0
until grep -q listening "$scratch/out"; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "the server does not listen"; exit 1; }
    sleep 0.1
done
wrk -t 1 -c 16 -d "${seconds}s" "http://127.0.0.1:$port/hello" | grep -E 'Requests/sec|Non-2xx|Socket errors' || true
wrk -t 1 -c 16 -d "${seconds}s" "http://127.0.0.1:$port/user/anna" | grep -E 'Requests/sec|Non-2xx|Socket errors' || true
trap - EXIT
kill -TERM $server
status=0
wait $server || status=$?
echo "the server ended with status $status"
exit $status

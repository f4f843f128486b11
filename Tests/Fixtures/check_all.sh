#!/bin/sh
# Checks every fixture program with check_program.py.
#
# usage: check_all.sh OUTDIR [--memscope PATH [--library PATH]]      OUTDIR as build.sh filled it
set -u
out=${1:?usage: check_all.sh OUTDIR [--memscope PATH [--library PATH]]}
shift
here=$(cd "$(dirname "$0")" && pwd)
failed=

check() {
    python3 "$here/check_program.py" --tools "$out" "$@" || failed="$failed, $*"
}

for name in aligned handing_over thread_ends processes library_calls before_and_after_main loading \
    exceptions ObjectChurn ValueBoxes; do
    check "$@" -- "$out/$name"
done
check "$@" -- "$out/realloc_ladders" no-failures
# Valgrind counts these differently, or its frames end elsewhere.
check "$@" --no-valgrind -- "$out/realloc_ladders"
check "$@" --no-valgrind -- "$out/aligned" pvalloc
check "$@" --no-valgrind -- "$out/backtraces"
for way in return exit _exit _Exit quick_exit abort thread; do check "$@" -- "$out/exits" $way; done
# The order of threads, timers and tasks decides what is allocated here, so Valgrind's totals are others.
check "$@" --varying --no-valgrind -- "$out/signal_handlers"
# The last threads and tasks end while the process does, between the two counts that are compared: one agreement of three will do.
for name in short_threads AsyncTasks AsyncShapes; do
    for attempt in 1 2 3; do
        python3 "$here/check_program.py" --tools "$out" "$@" --varying --no-valgrind -- "$out/$name" && break
        [ $attempt -lt 3 ] || failed="$failed, $name"
    done
done
[ -z "$failed" ] || { echo "differ: ${failed#, }"; exit 1; }

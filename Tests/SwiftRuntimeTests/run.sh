#!/bin/sh
# Builds the fixture programs against the C code under test and runs them. Usage: run.sh [program…]
#
# Each in all its modes if programs are named or TEST_SIZE is full; else in some that SEED draws: of debug, release and static in each of
# them one program or more. Needs swiftc and clang of one toolchain on the PATH. Exits non-zero when a check fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../Sources/MemScopeShim/SwiftRuntime
work=${WORK:-$(mktemp -d)}
trap '[ -n "${WORK:-}" ] || rm -rf "$work"' EXIT
failed=0
number=0
seed=
if [ "${TEST_SIZE:-sample}" != full ] && [ $# -eq 0 ]; then
    seed=${SEED:-$(date +%s)}
    echo "seed $seed"
fi

# The modes given, or the one of them that the seed draws: another one for each program in turn.
drawn() { # mode…
    if [ -n "$seed" ]; then
        shift $(((seed + number) % $#))
        echo "$1"
    else
        echo "$@"
    fi
}

compile_c() { # optimisation
    mkdir -p "$work/c$1"
    for file in "$sources"/*.c "$sources"/../Capture/field_table.c "$here"/*.c; do
        # These join the folder to the rest of the library, which is not built here.
        case $file in */current_task.c | */boundary.c | */block_type.c | */dispatch_queue.c) continue ;; esac
        clang -std=c2x -Wall -Wextra -Werror -I"$sources/../include" -fPIC -fno-omit-frame-pointer -g "$1" -c "$file" -o "$work/c$1/$(basename "$file" .c).o"
    done
}

run() { # program, mode name, C optimisation, swiftc arguments…
    program=$1 mode=$2 optimise=$3
    shift 3
    out=$work/$program-$mode
    mkdir -p "$work/module-$program-$mode"
    swiftc -swift-version 6 -parse-as-library -module-name main -import-objc-header "$here/fixture.h" -Xcc -fno-omit-frame-pointer \
        "$@" "$here/$program.swift" "$work/c$optimise"/*.o -o "$out" -Xlinker -export-dynamic-symbol -Xlinker malloc
    printf '%s, %s: ' "$program" "$mode"
    if "$out"; then :; else
        echo "FAILED: $program, $mode"
        failed=1
    fi
}

run_mode() { # program, mode
    case $2 in
        release) run "$1" release -O2 -O ;;
        debug) run "$1" debug -O0 -Onone ;;
        static) run "$1" static -O2 -O -static-stdlib ;;
        bare) run "$1" bare -O2 -O -Xfrontend -disable-reflection-metadata -D BARE ;;
        marked) run "$1" marked -O2 -O -Xfrontend -swift-async-frame-pointer=always ;;
        marked-debug) run "$1" marked-debug -O0 -Onone -Xfrontend -swift-async-frame-pointer=always ;;
    esac
}

compile_c -O2
compile_c -O0
for program in ${*:-names fields recognise tasks churn}; do
    number=$((number + 1))
    case $program in
        fields) modes="$(drawn release debug static) bare" ;;
        tasks) modes="release static $(drawn debug marked marked-debug)" ;;
        churn) modes=$(drawn marked marked-debug) ;;
        *) modes=$(drawn release debug static) ;;
    esac
    for mode in $modes; do run_mode "$program" "$mode"; done
    # As a preloaded library finds the runtime: by the dynamic linker, or in the executable's symbol table, or not at all.
    if [ "$program" = tasks ]; then
        for mode in release static; do
            FIXTURE_PRELOADED=1 "$work/tasks-$mode" || failed=1
        done
        strip -o "$work/tasks-stripped" "$work/tasks-static"
        if FIXTURE_PRELOADED=1 "$work/tasks-stripped"; then
            echo "FAILED: a stripped static program's tasks cannot be known"
            failed=1
        fi
    fi
done
exit $failed

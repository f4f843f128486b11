# The steps of .ci/run, which sources this: a function `step_NAME` each, run with errexit set and the working directory at the
# root of the repository.

# Rounds, one after the other; in a round, lanes side by side. A lane ends at its first failure, and the others with the step
# that they are at. What a step needs is in its lane before it or in an earlier round.
rounds=(
    'packages'
    # What needs nothing that is built stands beside the builds; the integrations have a build folder of their own.
    'tests release | lint c-code shape modules c-units integrations'
    # main-job and docs both leave a report at the root; the runners keep them apart.
    'main-job reports page fixtures new-user | runners docs benchmarks'
)
declare -A closing_lines=([tests]=4 [main-job]=8 [runners]=8 [fixtures]=1 [reports]=4 [new-user]=5)

# Debian's packages, by the command or file that shows that one is there.
needed_packages=(
    'git:git' 'gcc:gcc' 'g++:g++' 'binutils:readelf' 'python3:python3' 'curl:curl' 'python3-venv:/usr/lib/python3*/venv'
    'libunwind-dev:/usr/include/*/libunwind.h' 'valgrind:valgrind' 'heaptrack:heaptrack' 'wrk:wrk' 'chromium:chromium' 'nodejs:node'
    'node-typescript:tsc'
    'libjemalloc2:/usr/lib/*/libjemalloc.so.2' 'gcc-aarch64-linux-gnu:aarch64-linux-gnu-gcc'
    'libc6-dev-arm64-cross:/usr/aarch64-linux-gnu/include/stdio.h' 'qemu-user:qemu-aarch64'
)

# Whoever is not root needs sudo for packages; the README's commands are written for root.
if [ "$(id -u)" -ne 0 ] && command -v sudo >/dev/null; then
    apt-get() { sudo -n apt-get "$@"; }
    export -f apt-get
fi

is_there() { # COMMAND|PATTERN OF A PATH
    case $1 in
        /*) compgen -G "$1" >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

python_tools=$root/.build/ci-python
reports=$root/.build/reports

use_python_tools() {
    if [ -x "$python_tools/bin/python3" ]; then export PATH="$python_tools/bin:$PATH"; fi
}

step_packages() {
    local missing=() pair
    apt-get update || echo "the lists of packages could not be updated; those at hand must do"
    for pair in "${needed_packages[@]}"; do
        is_there "${pair#*:}" || missing+=("${pair%%:*}")
    done
    if [ ${#missing[@]} -gt 0 ]; then apt-get install -y --no-install-recommends "${missing[@]}"; fi
    if ! python3 -c 'import jsonschema, playwright.sync_api, axe_playwright_python'; then
        python3 -m venv --system-site-packages "$python_tools"
        # Playwright's package alone: the browser is Debian's.
        "$python_tools/bin/pip" install --quiet jsonschema playwright axe-playwright-python
    fi
    echo "packages installed now: ${missing[*]:-none}"
}

# Prints the command that follows the given marker in the README, so that what is tested is what is written there.
readme_command() { # MARKER
    awk -v marker="<!-- $1 -->" '$0 == marker { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next }
        inside' README.md
}

step_tests() {
    local command
    command=$(readme_command test-command)
    [ -n "$command" ] || { echo "the README has no test-command"; return 1; }
    printf '$ %s\n' "$command"
    use_python_tools
    bash -c "$command"
}

step_release() {
    swift build -c release
    "$release" --help | head -n 1
}

step_lint() {
    local files
    mapfile -t files < <(git ls-files 'Sources/**.swift' 'Tests/**.swift' 'Benchmarks/**.swift' Package.swift)
    swift format lint --strict "${files[@]}"
    echo "${#files[@]} Swift files are clean"
}

# SwiftPM compiles C with few warnings; here are all, as errors. AArch64 is compiled for with Debian's cross headers, to the end, because
# what stands in assembly is read there. For this machine that is left to the sanitizers' and the tests' builds of the units in C.
step_c_code() {
    local flags=(-std=c2x -O2 -Wall -Wextra -Werror -fPIC -fblocks -ISources/MemScopeShim/include -ISources/MemScopeDashboard/include) file
    local arm=(--target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include -nostdlibinc) native=(-fsyntax-only)
    local scratch count=0
    scratch=$(mktemp -d)
    if [ "$TEST_SIZE" = full ]; then native=(-c -o "$scratch/object.o"); fi
    for file in $(git ls-files 'Sources/**.c'); do
        clang "${flags[@]}" "${native[@]}" -I"$(dirname "$file")/include" "$file"
        clang "${flags[@]}" "${arm[@]}" -I"$(dirname "$file")/include" -c "$file" -o "$scratch/object.o"
        count=$((count + 1))
    done
    # What GCC 12 can read at all: the part that tests run on AArch64 with.
    for file in $(git ls-files 'Sources/MemScopeShim/Unwind/cfi*.c'); do
        aarch64-linux-gnu-gcc -std=c2x -O2 -Wall -Wextra -Werror -ISources/MemScopeShim/include -c "$file" -o "$scratch/object.o"
    done
    rm -rf "$scratch"
    echo "$count C files without a warning, for x86-64 and AArch64"
}

step_shape() {
    local file lines bad=0
    while read -r file; do
        lines=$(wc -l <"$file")
        if [ "$lines" -gt 600 ]; then echo "$file has $lines lines"; bad=1; fi
    done < <(git ls-files '*.swift' '*.c' '*.h' '*.cpp' '*.py' '*.sh' '*.js' '*.mjs' '*.css' '*.html' '*.md' '.ci/*')
    if git ls-files | grep -E '(^|/)[^/]*(Utils|Utilities|Helpers?|Common|Manager)[^/]*(/|$)'; then
        echo "these names say nothing"
        bad=1
    fi
    # A capital in a declaration's name makes it a type of that kind.
    if git grep -nE '\b(class|struct|enum|actor|protocol) [A-Za-z]*(Utils|Helpers?|Common|Manager)\b' -- '*.swift' '*.h'; then
        echo "these types say nothing"
        bad=1
    fi
    [ $bad -eq 0 ]
    echo "$(git ls-files | wc -l) files in shape"
}

step_page() {
    use_python_tools
    MEMSCOPE_COMMAND=$release SCREENSHOTS=$logs/screenshots python3 -m unittest discover -s Tests/PageTests -p 'test_*.py'
}

step_modules() {
    # The types that the comments name, as the browser's own and each other's.
    tsc --project Tests/PageTests/tsconfig.json
    node --test Tests/PageTests/*.test.mjs
}

step_fixtures() {
    Tests/Fixtures/build.sh "$root/.build/fixtures"
    Tests/Fixtures/check_all.sh "$root/.build/fixtures" --memscope "$release"
    echo "every fixture program counts as Valgrind and the counting preload do"
}

# The parts of the capture side by themselves; needs nothing that is built.
step_c_units() {
    Tests/ShimTests/run.sh
    if [ "$TEST_SIZE" = full ]; then Tests/ShimTests/run.sh --measure; fi
}

# Runners that have steps of their own.
is_own_step() {
    case $1 in
        Tests/MainJob/run.sh | Tests/DocsTests/run.sh | Tests/ShimTests/run.sh | Tests/IntegrationTests/run.sh) true ;;
        *) false ;;
    esac
}

# A runner's arguments, one a line: a sample, or all there is.
runner_arguments() { # RUNNER
    case $TEST_SIZE:$1 in
        sample:Tests/StackTests/run.sh) printf '%s\n' --rate 100 --seed "$SEED" ;;
        full:Tests/AttributionTests/run.sh) printf '%s\n' --seed "$SEED" --programs 3000 ;;
        full:Tests/InferenceTests/run.sh) echo --all ;;
        full:Tests/StackTests/run.sh) printf '%s\n' --rate 1 --seed "$SEED" --programs ;;
    esac
}

# Every one is run, and what failed comes last.
step_runners() {
    local runner scratch arguments begin status failed=() times=()
    use_python_tools
    scratch=$(mktemp -d)
    for runner in Tests/*/run.sh; do
        if is_own_step "$runner"; then continue; fi
        mapfile -t arguments < <(runner_arguments "$runner")
        begin=$SECONDS status=0
        printf '\n#### %s\n' "$runner ${arguments[*]}"
        "$runner" "${arguments[@]}" >"$scratch/log" 2>&1 || status=$?
        cat "$scratch/log"
        times+=("$runner ended with $status after $((SECONDS - begin)) s")
        if [ $status -ne 0 ]; then
            mv "$scratch/log" "$scratch/${#failed[@]}"
            failed+=("$runner")
        fi
    done
    for ((i = 0; i < ${#failed[@]}; i++)); do
        printf '\n#### %s failed\n' "${failed[i]}"
        tail -n 40 "$scratch/$i"
    done
    printf '%s\n' "${times[@]}"
    rm -rf "$scratch"
    [ ${#failed[@]} -eq 0 ]
}

# That every measurement runs. What they measure is for a quiet machine: nothing fails for being slow.
step_benchmarks() {
    use_python_tools
    python3 Benchmarks/budgets.py --quick
}

step_docs() {
    Tests/DocsTests/run.sh
}

# Depends on the packages that servers have, and so builds more than all the rest.
step_integrations() {
    Tests/IntegrationTests/run.sh
}

step_main_job() {
    REPORTS=$reports Tests/MainJob/run.sh
}

# The pages of the programs of the step before, in a browser, and the pictures of the documentation, which stay with the logs.
step_reports() {
    use_python_tools
    export MEMSCOPE_COMMAND=$release REPORTS=$reports
    SCREENSHOTS=$logs/screenshots python3 -m unittest discover -s Tests/PageTests -p 'real_reports.py'
    python3 Tests/PageTests/screenshots.py "$logs/pictures"
}

step_new_user() {
    Tests/Fixtures/new_user.sh "$root/.build/new-user"
}

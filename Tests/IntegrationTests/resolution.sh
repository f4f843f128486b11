#!/usr/bin/env bash
# Resolves packages that depend on this one, by path and by version, and checks what they get: who enables no trait
# neither fetches nor names a package of an integration.
#
# usage: resolution.sh SCRATCH
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=${1:?usage: resolution.sh SCRATCH}
mkdir -p "$scratch"
failed=0

# This package at a version, as it stands here, committed or not.
repository=$scratch/memscope
mkdir "$repository"
git -C "$root" ls-files -z --cached --others --exclude-standard | (cd "$root" && xargs -0 ls -d 2>/dev/null || true) |
    tar -C "$root" -cf - --no-recursion -T - | tar -C "$repository" -xf -
git=(git -C "$repository" -c user.name=test -c user.email=test@localhost)
"${git[@]}" init -q
"${git[@]}" add -A
"${git[@]}" commit -q -m "as it stands"
"${git[@]}" tag 1.0.0

# Prints the packages that PACKAGE resolves, by their names in Package.resolved and by what was fetched.
resolved() { # PACKAGE
    swift package resolve --package-path "$1" --scratch-path "$1/.build" >"$1/resolve.log" 2>&1 ||
        { cat "$1/resolve.log" >&2; return 1; }
    python3 - "$1" <<'P'
import json, os, sys

package = sys.argv[1]
with open(f"{package}/Package.resolved", encoding="utf-8") as file:
    names = {pin["identity"] for pin in json.load(file)["pins"]}
names |= set(os.listdir(f"{package}/.build/checkouts"))
print(*sorted(names))
P
}

check() { # WHAT PACKAGE EXPECTED
    local found
    found=$(resolved "$2")
    if [ "$found" = "$3" ]; then return; fi
    echo "FAILED $1 resolves: $found; expected: $3"
    failed=1
}

user() { # NAME DEPENDENCY     the package of somebody new, with another dependency line
    cp -R "$root/Tests/Fixtures/NewUser" "$scratch/$1"
    rm -rf "$scratch/$1/.build" "$scratch/$1/Package.resolved"
    sed -i "s|\.package(name: \"memscope\", path: .*)|.package($2)|" "$scratch/$1/Package.swift"
    grep -qF "$2" "$scratch/$1/Package.swift" || { echo "FAILED $1: the manifest has no such line to replace"; exit 1; }
}

user by-path "path: \"$repository\""
user by-version "url: \"file://$repository\", from: \"1.0.0\""
user with-logging "url: \"file://$repository\", from: \"1.0.0\", traits: [\"Logging\"]"
check "a user by path" "$scratch/by-path" "swift-argument-parser"
check "a user by version" "$scratch/by-version" "memscope swift-argument-parser"
# The product is not in the user's target, the trait is enough: this is what the others would look like.
check "a user with one trait" "$scratch/with-logging" "memscope swift-argument-parser swift-log"
check "the package itself" "$repository" "swift-argument-parser"
[ $failed -eq 0 ] && echo "who enables no trait resolves no package of an integration"
exit $failed

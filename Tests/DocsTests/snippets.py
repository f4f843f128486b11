#!/usr/bin/env python3
"""Takes the code out of Markdown pages.

usage: snippets.py swift DIRECTORY PAGE...     a package of executables, one for each Swift block, in DIRECTORY
       snippets.py server DIRECTORY PAGE...    as swift, of the blocks that need the packages of the integrations
       snippets.py sh PAGE                     a shell script of the page's blocks for the shell, to standard output
       snippets.py server-sh PAGE              as sh, of the blocks that need the program of such a block

The line before a block may be a comment that says how to treat it:

    <!-- manifest -->        Swift: the manifest of a package; its dependencies and App target are built with the others
    <!-- with App -->        sh: ./App is the program of the page's last Swift block that has `@main`
    <!-- server -->          Swift: for server; with the manifest of <!-- server manifest -->, and <!-- with server --> for sh
    <!-- test-command -->    sh: left out here, since it is run elsewhere
"""
import os
import re
import sys

FENCE = re.compile(r"^```(\w*)\s*$")
MARKER = re.compile(r"^<!-- (.*) -->$")


def blocks(path):
    """Yields (language, marker, text, line) for each fenced block."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    index = 0
    while index < len(lines):
        fence = FENCE.match(lines[index])
        if not fence:
            index += 1
            continue
        marker = MARKER.match(lines[index - 1]) if index else None
        begin = index + 1
        end = lines.index("```", begin)
        yield fence.group(1), marker.group(1) if marker else "", "\n".join(lines[begin:end]) + "\n", begin + 1
        index = end + 1


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def swift(directory, pages, for_server):
    """Writes each page's blocks; the manifest is the first one found, with a target more for each block."""
    manifest, names = None, []
    for page in pages:
        base = re.sub(r"\W", "", os.path.splitext(os.path.basename(page))[0])
        number = 0
        for language, marker, text, line in blocks(page):
            if language != "swift" or marker.startswith("server") != for_server:
                continue
            if marker.endswith("manifest"):
                if manifest not in (None, text):
                    sys.exit(f"{page}:{line}: another manifest than the page before has")
                manifest = text
                continue
            number += 1
            name = f"{base}{number}"
            # A file called main.swift may have code at the top, others may have @main.
            file = "Snippet.swift" if "@main" in text else "main.swift"
            # What the compiler complains of is found in the page by its own line.
            write(f"{directory}/Sources/{name}/{file}",
                  f'#sourceLocation(file: "{os.path.abspath(page)}", line: {line})\n{text}')
            names.append(name)
    if manifest is None or not names:
        sys.exit("no manifest or no Swift block in any page")
    target = re.search(r"^ *\.executableTarget\(name: \"App\".*\n", manifest, re.M)
    if not target:
        sys.exit("the manifest has no executable target App on a line of its own")
    others = "".join(target.group().replace('name: "App"', f'name: "{name}"').rstrip("\n,") + ",\n" for name in names)
    write(f"{directory}/Package.swift", manifest[: target.start()] + others + manifest[target.start() :])
    write(f"{directory}/Sources/App/main.swift", "import MemScope\n\nprint(MemoryTracker.isTracking)\n")
    print("\n".join(names))


def shell(page, for_server):
    """Prints the blocks in order, as one script that stops at the first failure and tells its place."""
    print("set -euo pipefail")
    for language, marker, text, line in blocks(page):
        if language != "sh" or marker == "test-command" or (marker == "with server") != for_server:
            continue
        print(f"echo '{os.path.basename(page)}:{line}'")
        print(text, end="")


if __name__ == "__main__":
    action = sys.argv[1]
    if action in ("swift", "server"):
        swift(sys.argv[2], sys.argv[3:], action == "server")
    else:
        shell(sys.argv[2], action == "server-sh")

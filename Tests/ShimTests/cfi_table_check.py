"""Compares the rules of every row of a library's .eh_frame with what readelf says of it.

usage: cfi_table_check.py QUERY-PROGRAM LIBRARY…

Every row of every function is compared at its first address. Exits 1 if any rule differs.
"""

import collections
import re
import subprocess
import sys

FDE = re.compile(r"^\S+ \S+ \S+ FDE .*pc=([0-9a-f]+)\.\.([0-9a-f]+)")
SIGNAL_CIE = re.compile(r'^(\S+) \S+ \S+ CIE "([^"]*)"')


def rows(library):
    """Yields (address, CFA, fp, return address, is a signal frame) as readelf has them."""
    text = subprocess.run(
        ["readelf", "--debug-dump=frames-interp", "-W", library], capture_output=True, text=True
    ).stdout
    columns, end, last, is_signal, signal_cies = None, 0, None, False, set()
    for line in text.splitlines():
        common, function = SIGNAL_CIE.match(line), FDE.match(line)
        if common:
            if "S" in common.group(2):
                signal_cies.add(int(common.group(1), 16))
            end = 0
        elif function:
            end = int(function.group(2), 16)
            cie = re.search(r"cie=([0-9a-f]+)", line)
            is_signal = bool(cie) and int(cie.group(1), 16) in signal_cies
        elif line.strip().startswith("LOC"):
            columns = line.split()
        elif line.strip() and columns and re.match(r"^[0-9a-f]{16} ", line) and end:
            # A register's name stands beside its number: "r10 (r10)".
            cells = re.sub(r"\b\w+ \((\w+)\)", r"\1", line).split()
            address = int(cells[0], 16)
            if address >= end:
                continue
            values = dict(zip(columns, cells))
            fp = values.get("rbp", values.get("x29", "u"))
            yield address, values["CFA"], fp, values.get("ra", "u"), is_signal
        elif not line.strip():
            columns = None


def expected(cfa, fp, ra, is_signal):
    """The query program's words for a row; None where only the kind can be told."""
    if is_signal:
        return "complex"
    if ra == "u":
        return None
    base = re.match(r"^(rsp|rbp|sp|x29)([+-]\d+)$", cfa)
    simple = re.compile(r"^(u|s|c[+-]\d+)$")
    if not base or not simple.match(fp) or not re.match(r"^c[+-]\d+$", ra) or int(base.group(2)) % 8:
        return "complex"
    return f"{cfa} {'u' if fp == 's' else fp} {ra}"


def main():
    query, failures = sys.argv[1], 0
    for library in sys.argv[2:]:
        table = {}
        for address, *row in rows(library):
            # Two rows at one address: the later one holds.
            table[address] = row
        answers = subprocess.run(
            [query, library], input="\n".join(f"{address:x}" for address in table), capture_output=True, text=True
        )
        if answers.returncode == 77:
            print(f"{library}: not loadable, skipped")
            continue
        kinds, differences = collections.Counter(), []
        for line in answers.stdout.splitlines():
            offset, answer = line.split(" ", 1)
            row = table.pop(int(offset, 16))
            want = expected(*row)
            kinds[answer if " " not in answer else "regular"] += 1
            if answer != want and not (want is None and answer in ("end", "complex")):
                differences.append((offset, row, want, answer))
        print(f"{library}: {dict(kinds)}, {len(differences)} differ, {len(table)} unanswered")
        for difference in differences[:5]:
            print("  ", *difference)
        failures += len(differences) + len(table) + (not kinds)
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()

"""Compares what a package's tests said without and with a ledger: a number of tests, the same one, and the end of tests that passed."""
import json
import os
import re
import sys

name, directory = sys.argv[1:]


def read(file):
    with open(os.path.join(directory, file), encoding="utf-8", errors="replace") as opened:
        return opened.read()


def outcome(way):
    text = read(way)
    counts = re.findall(r"Executed (\d+) tests?, with (?:\d+ tests? skipped and )?(\d+) failures?", text)
    counts += re.findall(r"Test run with (\d+) tests? .*?(passed|failed)", text)
    return counts[-1] if counts else None, read(f"{way}.status").strip()


plain, ledger = outcome("plain"), outcome("ledger")
with open(os.path.join(directory, "report", "report.json"), encoding="utf-8") as file:
    section = json.load(file)["retainLedger"]
print(f"{name}: {plain[0]} ended with {plain[1]}; with a ledger {ledger[0]}, {ledger[1]}; "
      f"{section['retains']} retains, {section['releases']} releases, share seen {section['coverage']['share']}")
# Without a count nothing was compared, and tests that fail without a ledger, or crash, tell nothing. Swift Testing ends with 69
# where there are no tests.
ends_well = plain[0] is not None and (plain[1] == "0" or (plain[0][0], plain[1]) == ("0", "69"))
if plain != ledger or not ends_well or section["state"] != "on":
    print(read("ledger")[-3000:])
    sys.exit(1)

"""Compares what a package's tests said without and with a ledger: as many tests, none that fails, an end that is no crash."""
import json
import os
import re
import sys

# Tests that fail now and then without a ledger, too. GRDB's two have a cancellation race with the notification that it prevents.
UNSTEADY = {"ValueObservationTests.testCancellableInvalidation1", "ValueObservationTests.testCancellableInvalidation2"}

name, directory = sys.argv[1:]


def read(file):
    with open(os.path.join(directory, file), encoding="utf-8", errors="replace") as opened:
        return opened.read()


def outcome(way):
    """How many tests there were, None if the output does not say; those that failed; and whether they came to an end."""
    text = re.sub(r"\x1b\[\d+m", "", read(way))
    counts = re.findall(r"(?:Executed|Test run with) (\d+) tests?\b", text)
    failed = set(re.findall(r": error: (\S+) : ", text)) | set(re.findall(r"✘ Test (?!run )(.+?) failed after", text))
    count = int(counts[-1]) if counts else None
    # Swift Testing ends with 69 where there are no tests.
    expected = "1" if failed else "69" if count == 0 and "Test run with" in text else "0"
    status = read(f"{way}.status").strip()
    return count, failed, "" if status == expected else f"status {status} instead of {expected}"


def words(way):
    count, failed, complaint = way
    return f"{count} tests, " + (f"{len(failed)} failed ({', '.join(sorted(failed))})" if failed else "none failed") + (f", {complaint}" if complaint else "")


plain, ledger = outcome("plain"), outcome("ledger")
with open(os.path.join(directory, "report", "report.json"), encoding="utf-8") as file:
    section = json.load(file)["retainLedger"]
print(f"{name}: {words(plain)}; with a ledger {words(ledger)}; "
      f"{section['retains']} retains, {section['releases']} releases, share seen {section['coverage']['share']}")
is_well = all(count is not None and not complaint and failed <= UNSTEADY for count, failed, complaint in (plain, ledger))
if not is_well or plain[0] != ledger[0] or section["state"] != "on":
    print(read("ledger")[-3000:])
    sys.exit(1)

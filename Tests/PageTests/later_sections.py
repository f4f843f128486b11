"""Sections in the shapes that the page knows, with data made by hand, put into a rendered page in the place of its own."""

import base64
import gzip
import json
import re


def embedded(html, name):
    """A value in a page."""
    text = re.search(rf'<script type="text/plain" id="{name}">([^<]*)</script>', html).group(1)
    return json.loads(gzip.decompress(base64.b64decode(text)))


def replaced(html, name, value):
    """The page with another value in the place of the one that it has."""
    text = base64.b64encode(gzip.compress(json.dumps(value).encode(), mtime=0)).decode()
    return re.sub(rf'(<script type="text/plain" id="{name}">)[^<]*', lambda found: found.group(1) + text, html)


def frame(function, line=0, node=-1):
    """The keys of a frame."""
    return {"function": function, "file": "/src/Server/Sources/Server/Cache.swift" if line else "", "line": line, "module": "server",
            "isInlined": False, "isRuntime": False, "node": node}


def intervals(report, count=12):
    """Stretches of equal length in which each leaf allocates more and more, and frees what the one before had allocated."""
    nodes = range(len(report["callTree"]["nodes"]) or 40)
    end = report["timeline"]["samples"][-1]["time"]
    return [{
        "endNanoseconds": end * (index + 1) // count, "mark": "warm" if index == 5 else None,
        "changes": [[node, 10 * index, 1_000 * index * (node % 7), 9 * index, 900 * index * (node % 5)] for node in nodes if node % 3 == 0],
        **{section: rows_of(report, section, index) for section in ("threads", "scopes", "taskSites", "queues", "types")},
    } for index in range(count)]


def rows_of(report, section, index):
    """What the rows of a section did in the interval of that number; -1 is what belongs to none."""
    return [[row, 10 * index + row + 1, 1_000 * (index + 1) * (row + 2), index, 300 * (row + 2)] for row in range(-1, len(report[section]))]


def enrich(report):
    """Fills every section that the page has a view for."""
    report["timeline"]["intervals"] = intervals(report)
    report["timeline"].update(typesAccuracy="inferred", typesConfidence=0.75, uncertainTypes=[1])
    series = [50_000 * step for step in range(12)]
    report["growth"] = [
        {"kind": "type", "name": "Server.Session", **frame("Cache.insert(_:)", 41, 3), "verdict": "unbounded", "accuracy": "inferred", "confidence": 0.9,
         "reason": "It grew by 20 blocks in the first half and by 22 blocks in the second, and goes on.", "bytesPerSecond": 48_000, "blocksPerSecond": 12.5, "bytes": series, "blocks": series},
        {"kind": "callSite", "name": "", **frame("Pool.fill()", 7, 5), "verdict": "bounded", "accuracy": "inferred", "confidence": 0.7,
         "reason": "It stopped growing after the third sample.", "bytesPerSecond": 0, "blocksPerSecond": 0, "bytes": [0, 9_000, 9_500, 9_500], "blocks": [0, 9, 9, 9]},
    ]
    report["leaks"].update(newBlocks=2, knownBlocks=1, goneBlocks=0)
    report["leaks"]["checks"] = [{"scope": "GET /users > decode", "runs": 40, "leakingRuns": 3, "blocks": 6, "bytes": 960, "accuracy": "exact"}]
    for row in report["leaks"]["groups"]:
        row.update(newBlocks=1)
    for row in report["cycles"]:
        row.update(newInstances=1, further=[{
            "members": row["members"], "edges": [dict(edge, field="onOpen") for edge in row["edges"]], "suggestedEdge": 0,
            "suggestion": "Capture it weakly there, too."}])
    for row in report["tasks"]:
        row.update(leakedBytes=120, soleBytes=4_096)
    for row in report["scopes"] + report["taskSites"]:
        row.update(soleBytes=8_192)
    for index, row in enumerate(report["types"]):
        row.update(averageAgeSeconds=3.5, chargedBytes=64 if row["kind"] == "class" else 0, growthBytes=500 - 400 * index)
    report["types"][0]["retainerPath"] = {"root": "a global of /srv/server at 0x19000", "stepsLeftOut": 2, "steps": [
        {"type": "Server.Cache", "name": "cache of all", "field": "sessions", "address": "0x7f0000002000"}, {"type": "Server.Session", "name": None, "field": "", "address": "0x7f0000001000"}]}
    report["ownership"] = {
        "accuracy": "estimated", "selection": "Server.Session", "objects": 2, "sharedBytes": 12_000,
        "shared": [{
            "address": "0x7f0000001000", "type": "Server.Session", "name": "session of anna", "kind": "heapOwner", "strong": 3, "unowned": 0, "weak": 1,
            "bytes": 96, "retainedBytes": 9_000, **frame("Cache.insert(_:)", 41, 3), "referrersLeftOut": 1, "accuracy": "estimated",
            "referrers": [
                {"type": "Server.Cache", "name": "cache", "address": "0x7f0000002000", "field": "sessions", "kind": "container", "count": 1, "root": None, "frame": None, "whyNoFrame": None},
                {"type": "() -> ()", "name": None, "address": "0x7f0000003000", "field": "capture 0", "kind": "heapOwner", "count": 2, "root": None, "frame": None, "whyNoFrame": None},
                {"type": "", "name": None, "address": None, "field": "", "kind": "stackOwner", "count": 1, "root": "the stack of worker 101", "frame": "Server.handle(_:) (Server.swift:30)", "whyNoFrame": None}],
        }],
        "chains": [{"links": [{"type": "Server.Router", "field": "cache"}, {"type": "Server.Cache", "field": "sessions"}, {"type": "Server.Session", "field": ""}],
                    "instances": 1, "bytes": 9_096}],
    }
    report["tracked"] = [{"name": "session of anna", "file": "Server/Session.swift", "line": 12, "blocks": 7, "liveBlocks": 1, "freedBlocks": 6, "accuracy": "exact"}]
    report["retainLedger"] = {
        "accuracy": "estimated", "state": "on", "sentence": "", "selection": "Server.Session", "retains": 120_000, "releases": 119_998,
        "coverage": {"share": 0.97, "accuracy": "estimated", "sentence": "Retains that the compiler inlined are not seen."},
        "thresholds": {"stormEventsPerSecond": 1_000_000, "contendedThreads": 2},
        "types": [{"name": "Server.Session", "objects": 12, "retains": 120_000, "releases": 119_998, "balance": 2, "peakStrong": 9, "threads": 4, "tasks": 20,
                   "involvedAccuracy": "exact", "accuracy": "estimated", "unlisted": 0,
                   "unmatched": [{"count": 2, "kind": "retain", "stack": [frame("Handler.keep(_:)", 88), frame("Server.run()", 12)]}]}],
        "objects": [{"address": "0x7f0000001000", "type": "Server.Session", "name": None, "retains": 9_000, "releases": 8_998, "balance": 2, "peakStrong": 9,
                     "lowestStrong": 1, "threads": 4, "tasks": 7, "isContended": True,
                     "unmatched": [{"count": 2, "stack": [frame("Handler.keep(_:)", 88), frame("Server.run()", 12)], "task": "accept loop", "thread": "worker 101"}]}],
        "sites": [{**frame("Handler.keep(_:)", 88), "retains": 90_000, "releases": 90_000, "eventsPerSecond": 2_000_000, "isStorm": True, "accuracy": "estimated"}],
    }
    report["boundaries"] = [{"allocatedIn": "libfoundation.so", "freedIn": "server", "blocks": 900, "bytes": 64_000, **frame("Data.init(count:)", 3, 4)},
                            {"allocatedIn": "libcurl.so", "freedIn": None, "blocks": 3, "bytes": 900, **frame("fetch(_:)", 9, 6)}]
    report["inferences"] = [{"kind": "copyOnWriteStorm", "accuracy": "inferred", "confidence": 0.8, "text": "An array is copied in each of 900 calls.", "type": "Swift.Array<Server.User>",
                             "count": 900, "bytes": 512_000, **frame("Server.grow()", 17, 7)}]
    for cycle in report["cycles"]:
        cycle["members"][-1]["closure"] = {"function": "closure #1 in User.watch()", "file": "/src/Server/User.swift", "line": 23}
        for edge in cycle["edges"]:
            edge["createdBy"] = {"stack": [frame("User.watch()", 23)], "task": "accept loop"}
    for key in ("growth", "ownership", "retainLedger", "boundaries", "inferences"):
        report["notCollected"].pop(key, None)
    return report


def enriched(html):
    """A rendered page with every section filled."""
    return replaced(html, "report-data", enrich(embedded(html, "report-data")))

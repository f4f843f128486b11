"""A server with a story: sessions that a closure keeps alive, a cache that grows, a burst at noon. For pictures and tests."""

import json

import capture
from command import render, render_again
from later_sections import embedded, enriched, replaced

STACKS = [
    # blocks allocated, freed, bytes each, temporaries, type (1 is the first), frames from the outside in
    (4_000, 3_940, 1_024, 0, 1, ["main", "*App.run()", "+HTTPServer.handle(_:)", "Router.respond(to:)", "Sessions.create(for:)"]),
    (4_000, 3_400, 256, 0, 2, ["main", "*App.run()", "+HTTPServer.handle(_:)", "Router.respond(to:)", "Sessions.create(for:)", "Session.onClose(_:)"]),
    (60_000, 59_000, 512, 30_000, 3, ["main", "*App.run()", "+HTTPServer.handle(_:)", "Router.respond(to:)", "OrdersController.list(_:)", "+Database.query(_:)", "Row.decode(from:)", "Array.append(_:)"]),
    (90_000, 90_000, 96, 60_000, 4, ["main", "*App.run()", "+HTTPServer.handle(_:)", "Router.respond(to:)", "OrdersController.list(_:)", "JSONEncoder.encode(_:)", "String.append(_:)"]),
    (9_000, 2_500, 640, 0, 3, ["main", "*App.run()", "+HTTPServer.handle(_:)", "Router.respond(to:)", "PriceCache.store(_:for:)", "Dictionary.subscript.setter"]),
    (700, 100, 4_096, 0, 5, ["main", "*App.run()", "+ImageWorker.run()", "Thumbnail.scale(to:)", "vips_resize"]),
    (1_500, 1_200, 2_048, 0, 6, ["main", "Configuration.load(_:)", "YAMLDecoder.decode(_:)"]),
]
FILES = {"App": "App/App.swift", "HTTPServer": "HTTPServer/HTTPServer.swift", "Router": "HTTPServer/Router.swift", "Sessions": "App/Sessions.swift",
         "Session": "App/Sessions.swift", "OrdersController": "App/OrdersController.swift", "Database": "PostgresNIO/Database.swift", "Row": "PostgresNIO/Row.swift",
         "PriceCache": "App/PriceCache.swift", "ImageWorker": "Images/ImageWorker.swift", "Thumbnail": "Images/Thumbnail.swift",
         "Configuration": "App/Configuration.swift", "YAMLDecoder": "Yams/YAMLDecoder.swift", "JSONEncoder": "Foundation/JSONEncoder.swift"}
TYPES = ["App.Session", "() -> ()", "Swift._ContiguousArrayStorage<PostgresNIO.Row>", "Swift.__StringStorage", "Images.Buffer", "App.Configuration"]


class Tree:
    """Nodes of a capture by the names of their frames."""

    def __init__(self, made):
        self.made, self.nodes, self.addresses = made, {}, []
        made.add(5, "II", 0, 0)

    def leaf(self, frames):
        parent = 0
        for depth in range(len(frames)):
            key = tuple(frames[:depth + 1])
            if key not in self.nodes:
                kind = {"+": 1, "*": 2}.get(frames[depth][0], 0)
                name = frames[depth].lstrip("+*")
                if name not in self.addresses:
                    self.addresses.append(name)
                self.made.add(5, "II", parent, self.addresses.index(name) | kind << 30)
                self.nodes[key] = len(self.nodes) + 1
            parent = self.nodes[key]
        return parent


def make():
    """The capture, and the names of its addresses in order."""
    made = capture.Capture()
    capture.properties(made, ("executable", "/srv/shop"), ("argument", "/srv/shop"), ("argument", "serve"), ("pid", "4711"),
                       ("startTime", "1700000000000000000"), ("captureTime", "1700000060000000000"), ("reason", "signal"), ("attachment", "preloaded"), ("swiftRuntime", "6.3.1"))
    made.add(3, "QQQIIII", 0x10000, 0x90000, 0x10000, "/srv/shop", "abcd", 0, 0)
    for name in TYPES:
        made.add(11, "QII", 0, name, 1 if name == "() -> ()" else 0)
    tree = Tree(made)
    for index, (allocated, freed, size, temporaries, kind, frames) in enumerate(STACKS):
        leaf = tree.leaf(frames)
        peak = (allocated - freed) * (3 if index == 2 else 1)
        made.add(6, "IIQIIQQQQQQQ", leaf, 0, size, kind, 0, allocated, freed, temporaries, allocated * size, freed * size, peak, peak * size)
        made.add(12, "IIIIQQ", index, index % 2, kind, 0, allocated - freed, (allocated - freed) * size)
    for index in range(len(tree.addresses)):
        made.add(4, "Q", 0x10100 + 16 * index)
    totals = {"allocations": sum(each[0] for each in STACKS), "frees": sum(each[1] for each in STACKS),
              "allocatedBytes": sum(each[0] * each[2] for each in STACKS), "freedBytes": sum(each[1] * each[2] for each in STACKS)}
    made.add(8, "IIIIQ", 100, "shop", 0, 0, 4_000_000)
    made.add(8, "IIIIQ", 101, "worker", 0, 0, 3_000_000)
    made.add(20, "IIQQ", 0, 1, 41_000, 9_000_000)
    made.add(9, "IIQ", 0, "GET /orders", 2_000)
    made.add(9, "IIQ", 0, "POST /login", 600)
    made.add(17, "II9Q", 2, 1, 0, 1, 0, 140, 0, 2_460, 30_000, 90_000, 140_000)
    made.add(19, "II13Q", 0, 0, 2_000, 48_000, 22, 31, 60, 18_000_000, 8_000, 14_000, 20_000, 90_000, 0, 512, 4_096)
    made.add(19, "II13Q", 1, 0, 600, 7_200, 11, 14, 20, 1_080_000, 1_700, 2_100, 4_000, 768_000, 1_280, 1_300, 1_664)
    made.add(7, "IIIIQQQQQ", 0, 1, 1, 0, 150_000, 145_000, 80_000, totals["allocatedBytes"] - 6_000_000, totals["freedBytes"] - 3_000_000)
    made.add(7, "IIIIQQQQQ", 1, 2, 0, 0, totals["allocations"] - 150_000, totals["frees"] - 145_000, 10_000, 6_000_000, 3_000_000)
    made.add(18, "QQ8I7Q", 5, 0, 1, "accept loop", 1, 21, 0, 59_000, 0, 0, 2_032, 900_000, 30_000, 29_000, 5, 9_000_000, 8_000_000)
    live = totals["allocatedBytes"] - totals["freedBytes"]
    peak, peak_time = 0, 0
    for step in range(240):
        burst = 6_000_000 if 92 < step < 118 else 0
        now = int(live * (0.25 + 0.75 * step / 239)) + burst + 90_000 * (step % 7)
        if now > peak:
            peak, peak_time = now, step * 250_000_000
        made.add(14, "QQQQQQ", step * 250_000_000, now, now // 600, 690 * step, totals["allocatedBytes"] * step // 239 + burst, 21_000_000 + now)
    for at, name in [(4.5, "ready"), (22.5, "noon"), (30, "cache warm"), (52, "before deploy")]:
        made.add(15, "QIIQQ", int(at * 1e9), name, 0, live // 2, 4_000)
    made_leaks(made)
    capture.counters(made, **totals, peakBytes=peak, peakUpperBound=peak, peakTime=peak_time, events=totals["allocations"] + totals["frees"],
                     trackerBytes=6_000_000, trackerCPU=310_000_000, processCPU=21_900_000_000, isFrozenCopy=1,
                     leakScan=1, leakScanPause=3_000_000, leakScanTime=40_000_000, leakScanThreads=2)
    return made, tree.addresses


def made_leaks(made):
    """Sixty sessions that their own closures keep alive, and one buffer that nobody has."""
    for pair in range(60):
        made.add(21, "QQ6I", capture.inverted(0x500000 + 0x1000 * pair), 1_024, 0, 0, 1, 0, 2 * pair, 1)
        made.add(21, "QQ6I", capture.inverted(0x500800 + 0x1000 * pair), 256, 1, 0, 2, 0, 2 * pair + 1, 1)
    made.add(21, "QQ6I", capture.inverted(0x900000), 4_096, 5, 0, 0, 0, 120, 0)
    for pair in range(60):
        made.add(22, "4I", 2 * pair + 1, 24, 0, 0)
        made.add(22, "4I", 2 * pair, 16, 0, 0)
    made.add(24, "4I", 0, 24, "closed", 0)
    made.add(24, "4I", 1, 16, "capture 0", 0)


def render_page(directory, with_later_sections=True):
    """Writes the page of the story into a directory."""
    made, names = make()
    report = render(made, directory)
    # Offsets stand in the order of the addresses.
    known = {f"shop+{hex(0x100 + 16 * index)}": name for index, name in enumerate(names)}
    name_frames(report, known)
    render_again(report, directory)
    if with_later_sections:
        path = directory / "report.html"
        html = enriched(path.read_text())
        data = json.dumps(embedded(html, "report-data")).replace("Server.", "App.").replace("server", "shop")
        path.write_text(replaced(html, "report-data", json.loads(data)))


def name_frames(value, known):
    """Gives every frame in a report its name and its place."""
    if isinstance(value, list):
        for each in value:
            name_frames(each, known)
    elif isinstance(value, dict):
        name = known.get(value.get("function"))
        if name:
            value["function"] = name
            file = FILES.get(name.split(".")[0])
            if file:
                value.update(file=f"/src/Sources/{file}", line=10 + len(name) * 3)
        for key, each in value.items():
            if isinstance(each, str) and key not in ("function", "file"):
                for offset, known_name in known.items():
                    if offset in each:
                        value[key] = each = each.replace(offset, known_name)
            name_frames(each, known)

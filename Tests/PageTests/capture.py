"""Writes capture files as Docs/capture-format.md describes them, independently of the Swift and C code."""

import struct

SIZES = {1: 1, 2: 8, 3: 40, 4: 8, 5: 8, 6: 80, 7: 56, 8: 24, 9: 16, 11: 16, 12: 32, 13: 24, 14: 48, 15: 32, 16: 16,
         17: 80, 18: 104, 19: 112, 20: 24, 21: 40, 22: 16, 23: 24, 24: 16,
         25: 32, 26: 1, 31: 24, 36: 40, 42: 48, 43: 32}


class Capture:
    """A capture under construction. Rows are given as tuples in the order of the format's table."""

    def __init__(self):
        self.strings = bytearray(b"\0")
        self.sections = {kind: bytearray() for kind in SIZES}

    def text(self, text):
        """Stores a text and returns its offset."""
        if not text:
            return 0
        offset = len(self.strings)
        self.strings += text.encode() + b"\0"
        return offset

    def add(self, kind, layout, *values):
        """Appends an element; texts among the values are stored and replaced by their offsets."""
        packed = struct.pack("<" + layout, *[self.text(v) if isinstance(v, str) else v for v in values])
        assert len(packed) == SIZES[kind], (kind, len(packed))
        self.sections[kind] += packed

    def bytes(self, version=2, whole=1):
        """The file's content."""
        self.sections[1] = self.strings
        present = [(kind, body) for kind, body in self.sections.items() if body]
        offset = 64 + 32 * len(present)
        table, bodies = b"", b""
        for kind, body in present:
            table += struct.pack("<IIQQQ", kind, SIZES[kind], offset, len(body) // SIZES[kind], 0)
            padded = bytes(body) + bytes(-len(body) % 8)
            bodies += padded
            offset += len(padded)
        header = b"MEMSCOPE" + struct.pack("<IIIIQ", version, 1, len(present), whole, offset) + bytes(32)
        return header + table + bodies


def inverted(address):
    """An address of a block as captures have it."""
    return ~address & (1 << 64) - 1


def counters(capture, **values):
    """Adds counters by name."""
    for name, value in values.items():
        capture.add(16, "IIQ", name, 0, value)


def properties(capture, *pairs):
    """Adds properties in order."""
    for key, value in pairs:
        capture.add(2, "II", key, value)


def empty():
    """A process that did nothing."""
    capture = Capture()
    properties(capture, ("executable", "/usr/bin/idle"), ("pid", "7"))
    return capture


def server(name="server"):
    """A small server: a tree with all kinds of nodes, two threads, nested scopes, types, a timeline with a mark."""
    capture = Capture()
    properties(
        capture, ("executable", f"/srv/{name}"), ("argument", f"/srv/{name}"), ("argument", "--port=80"),
        ("pid", "4711"), ("startTime", "1700000000000000000"), ("captureTime", "1700000012500000000"),
        ("reason", "exit"), ("attachment", "preloaded"), ("swiftRuntime", "6.3.1"))
    capture.add(3, "QQQIIII", 0x10000, 0x20000, 0x10000, f"/srv/{name}", "abcd", 0, 0)
    capture.add(3, "QQQIIII", 0x30000, 0x40000, 0x30000, "/usr/lib/libswiftCore.so", "ef01", 0, 0)
    for index in range(40):
        capture.add(4, "Q", 0x10100 + 16 * index)
    capture.add(4, "Q", 0x30500)
    capture.add(5, "II", 0, 0)
    node = 0
    leaves = []
    for branch in range(5):
        parent = 0
        for depth in range(8):
            kind = 2 if depth == 0 else 1 if depth == 1 else 0
            capture.add(5, "II", parent, (branch * 8 + depth) | kind << 30)
            node += 1
            parent = node
        capture.add(5, "II", parent, 40)
        node += 1
        leaves.append(node)
    capture.add(8, "IIIIQ", 100, name[:15], 0, 0, 350_000)
    capture.add(8, "IIIIQ", 101, "worker", 1, 0, 360_000)
    capture.add(20, "IIQQ", 0, 1, 40, 9_000)
    capture.add(9, "IIQ", 0, "GET /users", 10)
    capture.add(9, "IIQ", 1, "decode", 20)
    capture.add(17, "II9Q", 9, 1, 0, 1, 0, 2, 0, 7, 70_000, 5_000, 9_000)
    capture.add(17, "II9Q", 9, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0)
    # A named one that runs, and one that outlived the scope that created it.
    capture.add(18, "QQ8I7Q", 5, 0, 1, "accept loop", 1, 21, 0, 12_400, 0, 0, 2_032, 9_000, 300, 100, 5, 30_000, 10_000)
    capture.add(18, "QQ8I7Q", 6, 5, 1, "", 3, 21, 900, 1_000, 1, 1, 1_016, 700, 20, 10, 0, 900, 200)
    capture.add(19, "II13Q", 0, 0, 9, 900, 96, 120, 144, 90_000, 9_984, 12_288, 13_000, 9_000, 992, 1_000, 1_024)
    for index, type_name in enumerate(["Server.User", "Swift._ContiguousArrayStorage<Swift.String>", "() -> ()"]):
        capture.add(11, "QII", 0, type_name, 1 if index == 2 else 0)
    totals = dict.fromkeys(["allocations", "frees", "allocatedBytes", "freedBytes"], 0)
    for index, leaf in enumerate(leaves):
        allocations, frees, size = 100 * (index + 1), 60 * (index + 1), 64 << index
        capture.add(6, "IIQIIQQQQQQQ", leaf, 0, size, index % 3 + 1, 0, allocations, frees, 10, allocations * size,
                    frees * size, 50, 50 * size)
        capture.add(12, "IIIIQQ", index, index % 2, index % 3 + 1, 0, allocations - frees, (allocations - frees) * size)
        totals["allocations"] += allocations
        totals["frees"] += frees
        totals["allocatedBytes"] += allocations * size
        totals["freedBytes"] += frees * size
    capture.add(7, "IIIIQQQQQ", 0, 1, 1, 0, 1000, 600, 30, 400000, 240000)
    capture.add(7, "IIIIQQQQQ", 1, 2, 0, 0, 500, 300, 20, totals["allocatedBytes"] - 400000,
                totals["freedBytes"] - 240000)
    for step in range(400):
        live = 200000 + 900 * step + (150000 if 180 < step < 220 else 0)
        capture.add(14, "QQQQQQ", step * 31_250_000, live, live // 100, 4 * step, 500 * step, 9_000_000 + live)
    capture.add(15, "QIIQQ", 6_000_000_000, "warm", 0, 400000, 4000)
    # Nine runs that ended, each with one inside of it, and one that goes on.
    for run in range(9):
        begin = 1_000_000_000 + 1_100_000_000 * run
        capture.add(42, "II5Q", 0, 0, begin, begin + 900_000_000, 120, 10_000 + 100 * run, 1_000)
        capture.add(42, "II5Q", 1, 0, begin + 100_000_000, begin + 500_000_000, 60, 4_000, 0)
    capture.add(42, "II5Q", 0, 1, 11_000_000_000, 12_470_000_000, 0, 0, 0)
    capture.add(43, "QQQII", 5_000_000_000, 350_000, 3_500, "period", 0)
    capture.add(43, "QQQII", 12_470_000_000, 559_000, 5_590, "exit", 1)
    counters(capture, **totals, scopeRuns=60, snapshots=2, peakBytes=710000, peakUpperBound=720000, peakTime=5_800_000_000, events=2400,
             unknownFrees=3, trackerBytes=2_000_000, trackerCPU=40_000_000, processCPU=1_900_000_000, isFrozenCopy=1)
    return capture


def leaking():
    """The server, after a search for leaks: two users that hold each other by a closure, and a forgotten text."""
    capture = server()
    counters(capture, leakScan=1, leakScanPause=3_000_000, leakScanTime=40_000_000, leakScanThreads=2)
    capture.add(21, "QQ6I", inverted(0x5000), 64, 0, 0, 1, 0, 0, 1)
    capture.add(21, "QQ6I", inverted(0x5100), 48, 1, 0, 3, 0, 1, 1)
    capture.add(21, "QQ6I", inverted(0x5200), 1_000, 2, 1, 0, 0, 2, 0)
    capture.add(22, "4I", 1, 24, 0, 0)
    capture.add(22, "4I", 0, 16, 0, 0)
    capture.add(24, "4I", 0, 16, "onChange", 0)
    capture.add(24, "4I", 2, 16, "capture 0", 0)
    return capture


def keeping():
    """The server, after a search for leaks: a cycle of two that keeps an array, and that 20 texts and users; and a text of nobody's."""
    capture = server()
    counters(capture, leakScan=1)
    blocks = [(64, 1, [(1, 24), (2, 32)]), (48, 3, [(0, 16)]), (320, 2, [(index, 32 + 8 * (index - 3)) for index in range(3, 23)])]
    blocks += [(100, 0, [])] * 15 + [(64, 1, [])] * 5 + [(1_000, 0, [])]
    first = 0
    for index, (size, kind, edges) in enumerate(blocks):
        capture.add(21, "QQ6I", inverted(0x5000 + 0x100 * index), size, 0, 0, kind, 0, first, len(edges))
        first += len(edges)
        for target, offset in edges:
            capture.add(22, "4I", target, offset, 0, 0)
    capture.add(24, "4I", 0, 16, "onChange", 0)
    capture.add(24, "4I", 0, 32, "friends", 0)
    capture.add(24, "4I", 1, 32, "element", 8 << 8)
    capture.add(24, "4I", 2, 16, "capture 0", 0)
    return capture


def dying():
    """The server, after a search for leaks: nothing leaked, and an unowned reference keeps a user whose deinit is over."""
    capture = server()
    counters(capture, leakScan=1)
    capture.add(21, "QQ6I", inverted(0x5000), 64, 0, 0, 1, 3, 0, 0)
    return capture


def numbers(*values):
    """Numbers as a history has them: seven bits a byte, lowest first, the top bit says that more follow."""
    result = b""
    for value in values:
        while value > 127:
            result += bytes([value & 127 | 128])
            value >>= 7
        result += bytes([value])
    return result


def growing():
    """The leaking server with a history: of five marks' changes the second stack's pile up, the third's come and go."""
    capture = leaking()
    capture.add(36, "II4Q", 0, 0, 12, 3, 9, 4_000)
    for step in range(9):
        changes = numbers(2, 20, 12, 2, 30, 30) if step % 2 else numbers(2, 10, 0)
        name = f"round {step}" if step < 8 else ""
        capture.add(25, "QIIQQ", (step + 1) * 1_000_000_000, name, 1 if name else 0, 2 if step % 2 else 1, len(changes))
        capture.sections[26] += changes
    return capture


def lending():
    """The server with custody: the runtime's library stands for one that frees what the server allocated."""
    capture = server()
    counters(capture, custody=1, freedByUnknown=2)
    # The module of the first site, after node, flags, size and type.
    capture.sections[6][20:24] = struct.pack("<I", 1)
    capture.add(31, "IIQQ", 0, 1, 30, 1_920)
    return capture


def living():
    """The server with the whole graph: a global leads to a user by way of an array."""
    capture = server()
    counters(capture, leakScan=1)
    capture.add(21, "QQ6I", inverted(0x5000), 32, 1, 0, 2, 1, 0, 1)
    capture.add(21, "QQ6I", inverted(0x5100), 64, 0, 0, 1, 1, 1, 0)
    capture.add(21, "QQ6I", inverted(0x5200), 1_000, 2, 1, 0, 0, 1, 0)
    capture.add(22, "4I", 1, 40, 0, 0)
    capture.add(23, "Q4I", 0x19000, 0, 1, "/srv/server", 0)
    capture.add(24, "4I", 1, 32, "element", 8 << 8)
    return capture

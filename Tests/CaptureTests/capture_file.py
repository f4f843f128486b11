"""A capture file, read by Docs/capture-format.md alone: nothing is shared with the code that writes or decodes it."""

import struct

STRINGS, PROPERTIES, MODULES, ADDRESSES, NODES, SITES, CONTEXTS, THREADS, SCOPES = 1, 2, 3, 4, 5, 6, 7, 8, 9
TYPES, LIVE_GROUPS, FREED_TYPES, TIMELINE, MARKS, COUNTERS = 11, 12, 13, 14, 15, 16
TASK_SITES, TASKS, SCOPE_RUNS, HANDOVERS, CROSSINGS = 17, 18, 19, 20, 31


class CaptureFile:
    """All sections, checked for what must hold in any capture."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        magic, version, _, count, whole, size = struct.unpack_from("<8sIIIIQ", self.data)
        assert magic == b"MEMSCOPE" and version == 2 and whole == 1 and size == len(self.data), "not a whole capture"
        self.sections = {}
        for i in range(count):
            kind, element, offset, elements, _ = struct.unpack_from("<IIQQQ", self.data, 64 + 32 * i)
            assert offset % 8 == 0 and offset + element * elements <= size, f"section {kind} lies outside"
            self.sections[kind] = (element, offset, elements)
        self.counters = {self.text(key): value for key, _, value in self.rows(COUNTERS, "<IIQ")}
        properties = [(self.text(key), self.text(value)) for key, value in self.rows(PROPERTIES, "<II")]
        self.properties = dict(properties)
        self.sites = self.rows(SITES, "<IIQIIQQQQQQQ")
        self.contexts = self.rows(CONTEXTS, "<IIIIQQQQQ")
        self.threads = self.rows(THREADS, "<IIIIQ")
        self.task_sites = self.rows(TASK_SITES, "<II9Q")
        self.tasks = self.rows(TASKS, "<QQ8I7Q")
        self.scope_runs = self.rows(SCOPE_RUNS, "<II13Q")
        self.handovers = self.rows(HANDOVERS, "<IIQQ")
        self.live = self.rows(LIVE_GROUPS, "<IIIIQQ")
        self.check()

    def rows(self, kind, layout):
        element, offset, count = self.sections[kind]
        assert element == struct.calcsize(layout), f"section {kind} has elements of {element} bytes"
        return list(struct.iter_unpack(layout, self.data[offset : offset + element * count]))

    def text(self, at):
        start = self.sections[STRINGS][1] + at
        return self.data[start : self.data.index(b"\0", start)].decode()

    def check(self):
        """Sums agree, nothing is below zero, every index is in range."""
        c = self.counters
        nodes, types = self.sections[NODES][2], self.sections[TYPES][2]
        for number, site in enumerate(self.sites):
            node, _, _, kind, _, allocations, frees, temporaries, allocated, freed, _, _ = site
            assert frees <= allocations and freed <= allocated and temporaries <= frees, f"site {number}: {site}"
            assert node < nodes and kind <= types, f"site {number} refers to what is not there"
        for number, context in enumerate(self.contexts):
            assert context[5] <= context[4] and context[8] <= context[7], f"context {number}: {context}"
            assert context[0] < len(self.threads), f"context {number} has no thread"
            assert context[2] <= len(self.task_sites), f"context {number} has no task site"
        for site, context, kind, _, _, _ in self.live:
            assert site < len(self.sites) and context < len(self.contexts) and kind <= types, "a live group is lost"
        assert all(site[0] < nodes and 1 <= site[1] <= 3 for site in self.task_sites), "a task site is lost"
        assert all(task[2] <= len(self.task_sites) for task in self.tasks), "a task has no site"
        assert all(max(h[0], h[1]) < len(self.threads) for h in self.handovers), "a handover has no thread"
        assert sum(h[2] for h in self.handovers) <= c["frees"], "more was handed over than freed"
        assert all(runs[2] > 0 for runs in self.scope_runs), "runs of a scope that never ended"
        assert c["allocations"] == sum(s[5] for s in self.sites) == sum(x[4] for x in self.contexts)
        assert c["frees"] == sum(s[6] for s in self.sites) == sum(x[5] for x in self.contexts)
        assert c["allocatedBytes"] == sum(s[8] for s in self.sites) == sum(x[7] for x in self.contexts)
        assert c["freedBytes"] == sum(s[9] for s in self.sites) == sum(x[8] for x in self.contexts)
        assert c["peakBytes"] == sum(s[11] for s in self.sites), "the holders of the peak do not make up the peak"
        assert c["peakUpperBound"] >= c["peakBytes"] >= c["allocatedBytes"] - c["freedBytes"]

    def of_size(self, size):
        """Allocations and frees of blocks of exactly `size` bytes, and how many of them are live in the shadow."""
        mine = {i for i, s in enumerate(self.sites) if s[2] == size and not s[1] & 1}
        live = sum(g[4] for g in self.live if g[0] in mine)
        return sum(self.sites[i][5] for i in mine), sum(self.sites[i][6] for i in mine), live

    def stack(self, site):
        """The (module path, unloaded, address) of each frame, innermost first."""
        modules = self.rows(MODULES, "<QQQIIII")
        addresses = [a for (a,) in self.rows(ADDRESSES, "<Q")]
        nodes = self.rows(NODES, "<II")
        frames, node = [], self.sites[site][0]
        while node:
            parent, frame = nodes[node]
            assert parent < node, "a node stands before its parent"
            address = addresses[frame & 0x3FFFFFFF]
            owner = next(((self.text(m[3]), m[5] & 1) for m in modules if m[0] <= address < m[1]), (None, 0))
            frames.append((*owner, address))
            node = parent
        return frames

    def live_matches_totals(self):
        """At rest (no other thread allocates) the shadow holds exactly what the totals say is live."""
        live_blocks, live_bytes = [0] * len(self.sites), [0] * len(self.sites)
        for site, _, _, _, blocks, size in self.live:
            live_blocks[site] += blocks
            live_bytes[site] += size
        return all(
            live_blocks[i] == s[5] - s[6] and live_bytes[i] == s[8] - s[9] for i, s in enumerate(self.sites)
        )

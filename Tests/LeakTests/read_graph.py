"""Reads what a capture says of leaks: Docs/capture-format.md, sections 2, 11, 16 and 21 to 23."""

import struct
import sys


class Graph:
    """The blocks, edges and roots of a capture, its counters and properties."""

    def __init__(self, path, with_graph=True):
        with open(path, "rb") as file:
            self.data = data = file.read()
        magic, version, _, count, whole = struct.unpack_from("<8sIIII", data)
        if magic != b"MEMSCOPE" or whole != 1:
            raise ValueError(f"{path} is no whole capture")
        self.sections = {}
        for i in range(count):
            kind, element, offset, elements, _ = struct.unpack_from("<IIQQQ", data, 64 + 32 * i)
            self.sections[kind] = (element, offset, elements)
        self.counters = {self.text(key): value for key, _, value in self.rows(16, "<IIQ")}
        self.properties = {self.text(key): self.text(value) for key, value in self.rows(2, "<II")}
        if not with_graph:
            return
        # address, size, site, context, type, flags, first edge, edge count
        self.blocks = [(~block[0] & 2**64 - 1, *block[1:]) for block in self.rows(21, "<QQIIIIII")]
        # to, offset, kind
        self.edges = self.rows(22, "<IIII")
        # place, to, kind, name
        self.roots = self.rows(23, "<QIIII")

    def rows(self, kind, layout):
        element, offset, count = self.sections.get(kind, (0, 0, 0))
        return list(struct.iter_unpack(layout, self.data[offset : offset + element * count]))

    def text(self, at):
        start = self.sections[1][1] + at
        return self.data[start : self.data.index(0, start)].decode(errors="replace")

    def check(self):
        """Whatever is wrong in itself, one sentence each."""
        wrong = []
        if self.counters.get("leakScan") != 1:
            return [f"no scan: {self.properties.get('leakScanComplaint')}"]
        addresses = [block[0] for block in self.blocks]
        if addresses != sorted(set(addresses)):
            wrong.append("the blocks are not sorted by address")
        at = 0
        for block in self.blocks:
            if block[6] != at:
                wrong.append("the edges do not lie block after block")
                break
            at += block[7]
        if at != len(self.edges):
            wrong.append(f"{at} edges are counted, {len(self.edges)} are there")
        if any(edge[0] >= len(self.blocks) for edge in self.edges):
            wrong.append("an edge leads nowhere")
        sites = self.sections[6][2]
        if any(block[2] == 0 or block[2] >= sites for block in self.blocks):
            wrong.append("a block has no site")
        lost = [block for block in self.blocks if not block[5] & 5]
        ignored = sum(1 for block in self.blocks if block[5] & 5 == 4)
        if len(lost) != self.counters["leakedBlocks"] or sum(block[1] for block in lost) != self.counters["leakedBytes"]:
            wrong.append("the counters differ from the blocks")
        # Only the whole graph has them.
        if ignored not in (0, self.counters["ignoredBlocks"]):
            wrong.append("the counter of ignored blocks differs from the blocks")
        return wrong + self.check_reach()

    def check_reach(self):
        """Of a whole graph: what the roots lead to is what is said to be reachable."""
        if not self.roots:
            return []
        reached = {root[1] for root in self.roots}
        pending = list(reached)
        while pending:
            block = self.blocks[pending.pop()]
            for to, _, kind, _ in self.edges[block[6] : block[6] + block[7]]:
                if kind == 0 and to not in reached:
                    reached.add(to)
                    pending.append(to)
        said = {i for i, block in enumerate(self.blocks) if block[5] & 1}
        return [] if said == reached else [f"{len(said - reached)} blocks are said to be reachable and are not, "
                                           f"{len(reached - said)} the other way round"]


if __name__ == "__main__":
    graph = Graph(sys.argv[1])
    for key in ("leakScan", "leakScanPause", "leakScanTime", "leakedBlocks", "leakedBytes", "leakScanThreads"):
        print(key, graph.counters.get(key))
    print(len(graph.blocks), "blocks", len(graph.edges), "edges", len(graph.roots), "roots")
    print(graph.properties.get("leakScanComplaint", ""))
    print("\n".join(graph.check()))

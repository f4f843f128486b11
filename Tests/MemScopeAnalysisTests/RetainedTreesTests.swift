import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// What a finding keeps, row by row.
@Suite struct RetainedTreesTests {
    /// A type for each name, and blocks of them.
    private func graph(_ blocks: [(type: String, size: UInt64)], edges: [(from: Int, to: Int)]) -> HeapSnapshot {
        var snapshot = HeapSnapshot.graph(blocks.map(\.size), edges: edges)
        var names: [String] = []
        for (index, block) in blocks.enumerated() {
            if !names.contains(block.type) { names.append(block.type) }
            snapshot.graph.blocks[index].type = names.firstIndex(of: block.type)
        }
        snapshot.types = names.map { HeapType(name: $0, kind: .classInstance) }
        return snapshot
    }

    /// The rows as text: parent, blocks and type, how they are kept, bytes of their own, kept, and left out.
    private func told(_ tree: RetainedTree, _ snapshot: HeapSnapshot) -> [String] {
        tree.rows.map { row in
            let way = row.reference.map { reference in
                let field = snapshot.graph.field(of: reference.holder, at: reference.offset)?.field.name ?? "?"
                return " by \(snapshot.types[reference.holder].name).\(field)"
            }
            let type = row.type.map { snapshot.types[$0].name } ?? "untyped"
            return "\(row.parent): \(row.blocks) \(row.isCycle ? "cycle of " : "")\(type)\(way ?? ""), "
                + "\(row.bytes) of \(row.retainedBytes), left out \(row.leftOutBlocks) of \(row.leftOutBytes)"
        }
    }

    /// Whether each row's bytes are what the rows below keep, its own and what was left out.
    private func addsUp(_ tree: RetainedTree) -> Bool {
        tree.rows.indices.allSatisfy { index in
            let below = tree.rows.filter { $0.parent == index }.reduce(0) { $0 + $1.retainedBytes }
            return tree.rows[index].retainedBytes == tree.rows[index].bytes + below + tree.rows[index].leftOutBytes
        }
    }

    @Test func `what two owners hold each other with has the properties that keep the rest below it`() throws {
        // Two sessions of one cycle each: the session keeps a cache, and that an array of texts; the closure keeps a text.
        var blocks: [(String, UInt64)] = []
        var edges: [(Int, Int)] = []
        for first in [0, 7] {
            blocks += [
                ("Session", 64), ("closure", 32), ("Cache", 48), ("Array", 96), ("Text", 10), ("Text", 10),
                ("Text", 20),
            ]
            edges += [(0, 1), (0, 2), (1, 0), (1, 6), (2, 3), (3, 4), (3, 5)].map { ($0.0 + first, $0.1 + first) }
        }
        var snapshot = graph(blocks, edges: edges)
        for index in snapshot.graph.edges.indices {
            snapshot.graph.edges[index].offset = [16, 24, 16, 24, 16, 32, 40][index % 7]
        }
        snapshot.graph.fields = [
            TypeField(type: 0, offset: 16, name: "onClose", ownership: .strong),
            TypeField(type: 0, offset: 24, name: "cache", ownership: .strong),
            TypeField(type: 1, offset: 16, name: "capture 0", ownership: .strong),
            TypeField(type: 1, offset: 24, name: "capture 1", ownership: .strong),
            TypeField(type: 2, offset: 16, name: "entries", ownership: .strong),
            TypeField(type: 3, offset: 32, name: "element", ownership: .strong, stride: 8),
        ]
        for index in snapshot.sites.indices { snapshot.sites[index].node = 1 + index % 7 }
        let findings = LeakFindings(snapshot)
        var trees = RetainedTrees(findings, in: snapshot, rows: 100)
        let cycle = try #require(findings.cycles.first)
        #expect(cycle.instances == 2)
        let tree = trees.tree(of: cycle.roots)
        #expect(
            told(tree, snapshot) == [
                "-1: 4 cycle of Session, 192 of 560, left out 0 of 0",
                "0: 2 Cache by Session.cache, 96 of 328, left out 0 of 0",
                "0: 2 Text by closure.capture 1, 40 of 40, left out 0 of 0",
                "1: 2 Array by Cache.entries, 192 of 232, left out 0 of 0",
                "3: 4 Text by Array.element, 40 of 40, left out 0 of 0",
            ])
        #expect(tree.rows[0].retainedBytes == cycle.retainedBytes && tree.innerBytes == 0 && addsUp(tree))
    }

    @Test func `a list is one row, however long`() throws {
        var snapshot = graph(
            [("Head", 8)] + [(String, UInt64)](repeating: ("Node", 32), count: 1000),
            edges: (0..<1000).map { ($0, $0 + 1) })
        snapshot.graph.fields = [
            TypeField(type: 0, offset: 16, name: "first", ownership: .strong),
            TypeField(type: 1, offset: 16, name: "next", ownership: .strong),
        ]
        let findings = LeakFindings(snapshot)
        var trees = RetainedTrees(findings, in: snapshot, rows: 100)
        let tree = trees.tree(of: try #require(findings.groups.first { $0.category == .definite }).roots)
        #expect(
            told(tree, snapshot) == [
                "-1: 1 Head, 8 of 32008, left out 0 of 0",
                "0: 1 Node by Head.first, 32 of 32000, left out 0 of 0",
                "1: 999 Node by Node.next, 31968 of 31968, left out 0 of 0",
            ])
    }

    @Test func `what several of its references lead to is kept by the finding, and by no property`() throws {
        let snapshot = graph([("A", 1), ("B", 2), ("C", 4), ("D", 8)], edges: [(0, 1), (0, 2), (1, 3), (2, 3)])
        let findings = LeakFindings(snapshot)
        var trees = RetainedTrees(findings, in: snapshot, rows: 100)
        let tree = trees.tree(of: try #require(findings.groups.first { $0.category == .definite }).roots)
        #expect(tree.rows.map(\.parent) == [-1, 0, 0, 0] && tree.rows.map(\.bytes) == [1, 8, 4, 2])
        #expect(tree.rows.allSatisfy { $0.reference == nil } && addsUp(tree))
    }

    @Test func `what is cut is counted, and the rows go where the bytes are`() throws {
        // A root that keeps 100 objects of types of their own, the last of them a chain of 50 types.
        let wide = (0..<100).map { ("W\($0)", UInt64($0 + 1)) }
        let deep = (0..<50).map { ("D\($0)", UInt64(1000)) }
        let snapshot = graph(
            [("Root", 16)] + wide + deep,
            edges: (1...100).map { (0, $0) } + [(100, 101)] + (101..<150).map { ($0, $0 + 1) })
        let findings = LeakFindings(snapshot)
        let roots = try #require(findings.groups.first { $0.category == .definite }).roots
        var trees = RetainedTrees(findings, in: snapshot, rows: 100)
        let tree = trees.tree(of: roots)
        #expect(addsUp(tree) && tree.rows[0].retainedBytes == 16 + 5050 + 50_000)
        #expect(tree.rows.count(where: { $0.parent == 0 }) == RetainedTrees.mostBelow)
        #expect(tree.rows[1].bytes == 100 && tree.rows[1].retainedBytes == 50_100)
        // Nothing is left out but what is said to be: 88 of the objects, and the chain below its last row.
        let last = try #require(tree.rows.last)
        #expect(tree.rows[0].leftOutBlocks == 88 && tree.rows[0].leftOutBytes == (1...88).reduce(0, +))
        #expect(last.leftOutBlocks == 42 && last.leftOutBytes == 42_000)
        #expect(tree.rows.count == 1 + 12 + 8)
        // The next one gets what is left of all rows, and says of the rest how much it is.
        let again = trees.tree(of: roots)
        #expect(again == tree)
        var few = RetainedTrees(findings, in: snapshot, rows: 14)
        #expect(few.tree(of: roots).rows.count == 15)
        let none = few.tree(of: roots)
        #expect(none.rows.count == 1 && none.rows[0].leftOutBlocks == 150 && addsUp(none))
    }

    @Test func `a cycle within what a leak keeps says so`() throws {
        let snapshot = graph([("Owner", 8), ("A", 16), ("B", 32)], edges: [(0, 1), (1, 2), (2, 1)])
        let findings = LeakFindings(snapshot)
        var trees = RetainedTrees(findings, in: snapshot, rows: 100)
        let inner = trees.tree(of: try #require(findings.cycles.first).roots)
        #expect(inner.innerBytes == 48 && inner.rows.map(\.bytes) == [48])
        let outer = trees.tree(of: try #require(findings.groups.first { $0.category == .definite }).roots)
        #expect(outer.innerBytes == 0 && outer.rows.map(\.retainedBytes) == [56, 48] && outer.rows[1].isCycle)
    }

    @Test(arguments: 0..<100)
    func `whatever the graph, trees add up to what their findings keep`(seed: Int) {
        var state = UInt64(seed)
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        let count = 2 + random(60)
        let edges = (0..<random(3 * count)).map { _ in (random(count), random(count)) }
        let snapshot = graph((0..<count).map { ("T\($0 % 5)", 1 << UInt64($0 % 30)) }, edges: edges)
        let findings = LeakFindings(snapshot)
        var trees = RetainedTrees(findings, in: snapshot, rows: random(100))
        for cycle in findings.cycles {
            let tree = trees.tree(of: cycle.roots)
            #expect(addsUp(tree) && tree.rows[0].retainedBytes == cycle.retainedBytes, "\(edges)")
        }
        for group in findings.groups where group.category == .definite {
            let tree = trees.tree(of: group.roots)
            #expect(addsUp(tree) && tree.rows[0].retainedBytes == group.retainedBytes, "\(edges)")
            #expect(tree.rows.allSatisfy { $0.leftOutBytes <= $0.retainedBytes && $0.blocks > 0 }, "\(edges)")
        }
    }
}

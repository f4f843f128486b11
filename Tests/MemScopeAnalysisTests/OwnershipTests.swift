import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// Who owns what.
@Suite struct OwnershipTests {
    private let owner = 0
    private let array = 1
    private let node = 2

    /// A whole graph; each block has its index as the bit of its size.
    private func snapshot(_ types: [Int?], edges: [(Int, Int)], roots: [(GraphRoot.Kind, Int)] = []) -> HeapSnapshot {
        var snapshot = HeapSnapshot.graph(types.indices.map { 1 << $0 }, edges: edges)
        snapshot.types = [
            HeapType(name: "App.Owner", kind: .classInstance),
            HeapType(name: "Swift._ContiguousArrayStorage<Swift.AnyObject>", kind: .classInstance),
            HeapType(name: "App.Node", kind: .classInstance),
        ]
        for (index, type) in types.enumerated() {
            snapshot.graph.blocks[index].type = type
            snapshot.graph.blocks[index].isReachable = true
        }
        snapshot.graph.fields = [
            TypeField(type: owner, offset: 16, name: "items", ownership: .strong),
            TypeField(type: array, offset: 16, name: "element", ownership: .strong, stride: 8),
            TypeField(type: node, offset: 16, name: "next", ownership: .strong),
        ]
        for (index, root) in roots.enumerated() {
            snapshot.graph.roots.append(
                GraphRoot(address: UInt64(index + 1) << 4, to: root.1, kind: root.0, name: "app"))
        }
        return snapshot
    }

    @Test func `what two blocks own is shared, and told by who owns it; two places in one block are one owner`() {
        let findings = OwnershipFindings(
            snapshot([owner, owner, node, node], edges: [(0, 2), (1, 2), (1, 3), (1, 3)], roots: [(.global, 0), (.global, 1)]))
        #expect(findings.objects == 1 && findings.sharedBytes == 4)
        #expect(findings.shared.map(\.block) == [2])
        #expect(findings.shared.first?.referrers.map(\.place) == [.block(type: owner, field: "items")])
        #expect(findings.shared.first?.referrers.map(\.count) == [2])
        #expect(findings.counts == [nil])
    }

    @Test func `a weak or unowned property owns nothing, and neither does a block itself`() {
        var weak = snapshot([owner, owner, node], edges: [(0, 2), (1, 2), (2, 2)], roots: [(.global, 0), (.global, 1)])
        weak.graph.edges[0].kind = .weak
        #expect(OwnershipFindings(weak).objects == 0)
        var unowned = snapshot([owner, node, node], edges: [(0, 2), (1, 2)], roots: [(.global, 0), (.global, 1)])
        #expect(OwnershipFindings(unowned).objects == 1)
        unowned.graph.fields[2].ownership = .unowned
        #expect(OwnershipFindings(unowned).objects == 0)
    }

    @Test func `words on stacks own an object as far as its count is not accounted for`() {
        var graph = snapshot([owner, node], edges: [(0, 1)], roots: [(.stack, 1), (.stack, 1), (.register, 1), (.global, 0)])
        graph.graph.counts = [ObjectCounts(block: 1, strong: 1)]
        #expect(OwnershipFindings(graph).objects == 0)
        graph.graph.counts[0].strong = 3
        let findings = OwnershipFindings(graph)
        #expect(findings.objects == 1)
        let roots = (findings.shared.first?.referrers ?? []).filter { referrer in
            if case .root = referrer.place { true } else { false }
        }
        #expect(roots.count == 2)
        #expect(findings.counts.first??.strong == 3)
        // A block without counts has an owner there only if it has none elsewhere.
        graph.graph.counts = []
        #expect(OwnershipFindings(graph).objects == 0)
    }

    @Test func `the selection is by type, by part of a name, or by scope`() {
        var graph = snapshot([owner, owner, node, array], edges: [(0, 2), (1, 2), (0, 3), (1, 3)], roots: [(.global, 0), (.global, 1)])
        #expect(OwnershipFindings(graph).shared.map(\.block) == [3, 2])
        #expect(OwnershipFindings(graph, selection: OwnershipSelection("Node")).shared.map(\.block) == [2])
        #expect(OwnershipFindings(graph, selection: OwnershipSelection("AnyObject")).shared.map(\.block) == [3])
        graph.scopes = [ScopePath(parent: nil, name: "load", entries: 1), ScopePath(parent: 0, name: "part", entries: 1)]
        graph.contexts.append(AllocationContext(thread: 0, scope: 1))
        graph.graph.blocks[2].context = 1
        #expect(OwnershipFindings(graph, selection: OwnershipSelection("scope:load")).shared.map(\.block) == [2])
        #expect(OwnershipFindings(graph, selection: OwnershipSelection("scope:none")).objects == 0)
    }

    @Test func `a list is one link of a chain, whatever its length; lists of one shape are one chain`() throws {
        // Two owners, with lists of three and of two.
        let graph = snapshot(
            [owner, node, node, node, owner, node, node], edges: [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6)],
            roots: [(.global, 0), (.global, 4)])
        let chains = OwnershipFindings(graph).chains
        let chain = try #require(chains.first)
        #expect(chain.links.map(\.field) == ["items", "next", ""])
        #expect(chain.links.map(\.type) == [owner, node, node] as [Int?])
        #expect(chain.isRepeated == [false, true, false])
        #expect(chain.longest == 3)
        #expect(chains.map(\.instances) == [2])
        #expect(chains.map(\.bytes) == [110])
    }

    @Test func `a chain goes on to what most hangs on, the rest begins chains of its own; rings are on none`() {
        // 0 owns 1; 1 owns 2, on which 3 hangs, and 4, on which 5 hangs, which is more.
        let graph = snapshot(
            [owner, node, node, node, node, node, node, node],
            edges: [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (6, 7), (7, 6)], roots: [(.global, 0)])
        let chains = OwnershipFindings(graph).chains
        #expect(chains.map(\.bytes) == [50, 12])
        #expect(chains.map(\.longest) == [3, 2])
    }

    @Test func `kinds are those of blocks and of roots`() {
        #expect(TrackKind(HeapType(name: "Swift.__StringStorage", kind: .classInstance)) == .container)
        #expect(TrackKind(HeapType(name: "Swift.Int", kind: .box)) == .value)
        #expect(TrackKind(nil as HeapType?) == .heapOwner)
        #expect(TrackKind(GraphRoot.Kind.register) == .stackOwner)
        #expect(TrackKind(GraphRoot.Kind.global) == .value)
    }
}

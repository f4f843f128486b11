import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// Why blocks are alive.
@Suite struct RetainerPathsTests {
    /// 0 -> 1 -> 2 -> 4, 3 -> 4; roots refer to 0 and 3; 5 is leaked.
    private func graph() -> ObjectGraph {
        var graph = ObjectGraph()
        let references = [[1], [2], [4], [4], [], [4]]
        for (index, targets) in references.enumerated() {
            var block = GraphBlock(address: UInt64(index + 1) << 8, size: 1 << index, site: 0, context: 0)
            block.isReachable = index < 5
            graph.blocks.append(block)
            graph.firstEdge.append(graph.edges.count)
            graph.edges += targets.map { GraphEdge(to: $0, offset: 8 * (index + 1)) }
        }
        graph.firstEdge.append(graph.edges.count)
        graph.roots = [
            GraphRoot(address: 0x10, to: 0, kind: .global, name: "app"),
            GraphRoot(address: 0, to: 3, kind: .register, name: "main"),
        ]
        return graph
    }

    @Test func `the way is the shortest from any root, and to any of the blocks`() {
        let paths = RetainerPaths(graph())
        #expect(paths.path(toAnyOf: [4]) == RetainerPaths.Path(root: 1, blocks: [3, 4], offsets: [32]))
        #expect(paths.path(toAnyOf: [2]) == RetainerPaths.Path(root: 0, blocks: [0, 1, 2], offsets: [8, 16]))
        #expect(paths.path(toAnyOf: [2, 0]) == RetainerPaths.Path(root: 0, blocks: [0], offsets: []))
        #expect(paths.path(toAnyOf: [5]) == nil)
        #expect(paths.path(toAnyOf: [5, 4])?.blocks == [3, 4])
    }

    @Test func `weak references are no way`() {
        var graph = graph()
        graph.edges[0].kind = .weak
        #expect(RetainerPaths(graph).path(toAnyOf: [1]) == nil)
    }

    @Test func `a way by references that own goes before a shorter one by an unowned one, which is better than none`() {
        var graph = graph()
        // The shorter way to 4 is by a property of 3 that does not own; nothing else leads to 5 but the same one of 4.
        graph.blocks[3].type = 0
        graph.blocks[4].type = 0
        graph.fields = [TypeField(type: 0, offset: 32, name: "parent", ownership: .unowned)]
        #expect(RetainerPaths(graph).path(toAnyOf: [4])?.blocks == [0, 1, 2, 4])
        graph.edges.insert(GraphEdge(to: 5, offset: 32), at: 4)
        graph.firstEdge = [0, 1, 2, 3, 4, 5, 6]
        #expect(RetainerPaths(graph).path(toAnyOf: [5])?.blocks == [0, 1, 2, 4, 5])
    }

    @Test func `what a root refers to, or two roots lead to, no block keeps alone`() {
        let graph = graph()
        let subgraph = BlockSubgraph(allOf: graph)
        let components = StrongComponents(subgraph)
        let retained = RetainedSizes(graph, subgraph, components)
        let bytes = (0..<6).map { retained.bytes[Int(components.component[$0])] }
        // The fifth block is kept by three together.
        #expect(bytes == [7, 6, 4, 8, 16, 32] as [UInt64])
    }
}

package import MemScopeModel

/// Some blocks of an object graph as a graph of its own, with only the references that own what they lead to: those that nothing reaches, or all.
package struct BlockSubgraph: Sendable {
    /// Index into ``ObjectGraph/blocks`` for each node.
    package private(set) var block: [Int32] = []
    /// The node of each block, -1 for those that are left out. Empty for a part of another one.
    package private(set) var node: [Int32]
    /// What node `i` refers to: `targets[firstTarget[i]..<firstTarget[i + 1]]`.
    package private(set) var firstTarget: [Int32] = [0]
    /// Nodes that are referred to, a node's own together. A target occurs as often as it is referred to.
    package private(set) var targets: [Int32] = []
    /// Where in the holder each of ``targets`` is referred to, in bytes.
    package private(set) var offsets: [Int32] = []

    /// Of each of ``targets`` the code beside the reference, an index into ``ObjectGraph/closures``; -1 for none.
    package private(set) var closures: [Int32] = []

    /// Number of nodes.
    package var count: Int { block.count }

    /// Picks the leaked blocks out of a graph, those that are ignored excepted. Linear in the graph.
    package init(leakedIn graph: ObjectGraph) {
        self.init(graph) { !$0.isReachable && !$0.isIgnored }
    }

    /// Takes all blocks of a graph. Linear in the graph.
    package init(allOf graph: ObjectGraph) {
        self.init(graph) { _ in true }
    }

    private init(_ graph: ObjectGraph, _ isWanted: (GraphBlock) -> Bool) {
        node = [Int32](repeating: -1, count: graph.blocks.count)
        for (index, entry) in graph.blocks.enumerated() where isWanted(entry) {
            node[index] = Int32(block.count)
            block.append(Int32(index))
        }
        firstTarget.reserveCapacity(block.count + 1)
        targets.reserveCapacity(graph.edges.count)
        offsets.reserveCapacity(graph.edges.count)
        closures.reserveCapacity(graph.edges.count)
        let owning = OwningReferences(graph)
        for index in block.lazy.map({ Int($0) }) {
            for place in graph.firstEdge[index]..<graph.firstEdge[index + 1] {
                let target = node[graph.edges[place].to]
                guard target >= 0, owning.contains(graph.edges[place], of: index) else { continue }
                targets.append(target)
                offsets.append(Int32(clamping: graph.edges[place].offset))
                closures.append(graph.edges[place].closure.map { Int32($0) } ?? -1)
            }
            firstTarget.append(Int32(targets.count))
        }
    }

    /// Takes some nodes of another one, and of the references among these those that are wanted, by node and position.
    init(_ nodes: ArraySlice<Int32>, of whole: BlockSubgraph, isWanted: (Int32, Int32) -> Bool) {
        node = []
        block = nodes.map { whole.block[Int($0)] }
        let own = Dictionary(uniqueKeysWithValues: zip(nodes, Int32(0)...))
        for node in nodes {
            for reference in whole.references(of: Int(node)) {
                guard let target = own[whole.targets[reference]], isWanted(node, Int32(reference)) else { continue }
                targets.append(target)
                offsets.append(whole.offsets[reference])
                closures.append(whole.closures[reference])
            }
            firstTarget.append(Int32(targets.count))
        }
    }

    /// The positions in ``targets`` of what a node refers to.
    @inline(__always)
    func references(of node: Int) -> Range<Int> { Int(firstTarget[node])..<Int(firstTarget[node + 1]) }
}

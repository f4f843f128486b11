package import MemScopeModel

/// The part of an object graph that nothing reaches, as a graph of its own with only the references that keep things alive.
package struct LeakedBlocks: Sendable {
    /// Index into ``ObjectGraph/blocks`` for each node.
    package private(set) var block: [Int32] = []
    /// The node of each block, -1 for those that something reaches or that are ignored.
    package private(set) var node: [Int32]
    /// What node `i` refers to: `targets[firstTarget[i]..<firstTarget[i + 1]]`.
    package private(set) var firstTarget: [Int32] = [0]
    /// Nodes that are referred to, a node's own together. A target occurs as often as it is referred to.
    package private(set) var targets: [Int32] = []
    /// Where in the holder each of ``targets`` is referred to, in bytes.
    package private(set) var offsets: [Int32] = []

    /// Number of nodes.
    package var count: Int { block.count }

    /// Picks the leaked blocks out of a graph. Linear in the graph.
    /// - Parameter graph: The graph.
    package init(_ graph: ObjectGraph) {
        node = [Int32](repeating: -1, count: graph.blocks.count)
        for (index, entry) in graph.blocks.enumerated() where !entry.isReachable && !entry.isIgnored {
            node[index] = Int32(block.count)
            block.append(Int32(index))
        }
        firstTarget.reserveCapacity(block.count + 1)
        for index in block {
            for edge in graph.edges(of: Int(index)) where edge.kind == .strong {
                let target = node[edge.to]
                if target < 0 { continue }
                targets.append(target)
                offsets.append(Int32(clamping: edge.offset))
            }
            firstTarget.append(Int32(targets.count))
        }
    }

    /// The positions in ``targets`` of what a node refers to.
    @inline(__always)
    func references(of node: Int) -> Range<Int> { Int(firstTarget[node])..<Int(firstTarget[node + 1]) }
}

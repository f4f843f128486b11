package import MemScopeModel

/// Why blocks are alive: for each that a root leads to a shortest way from a root to it, by references that own what they lead to. What only
/// unowned or unmanaged ones lead to is reached by those: somebody holds it whom the graph does not show.
///
/// Needs the whole graph: without roots nothing is reached.
package struct RetainerPaths: Sendable {
    /// A way from a root to a block.
    package struct Path: Sendable, Equatable {
        /// Index into ``ObjectGraph/roots``.
        package var root: Int
        /// The blocks on the way, indices into ``ObjectGraph/blocks``; the last one is where the way leads.
        package var blocks: [Int]
        /// Where each of these but the last refers to the next, in bytes from its beginning.
        package var offsets: [Int]
    }

    private static let unreached: Int32 = -1
    /// How many blocks are on the way to each, -1 for those that no root leads to.
    private var depth: [Int32]
    /// The reference by which the search came to each block, an index into ``ObjectGraph/edges``; of those that a root refers to, the root.
    private var arrivedBy: [Int32]
    private var cameFrom: [Int32]
    private let graph: ObjectGraph

    /// Searches from all roots at once. Linear in the graph.
    package init(_ graph: ObjectGraph) {
        self.graph = graph
        depth = [Int32](repeating: Self.unreached, count: graph.blocks.count)
        arrivedBy = depth
        cameFrom = depth
        var queue: [Int32] = []
        for (index, root) in graph.roots.enumerated() where depth[root.to] == Self.unreached {
            depth[root.to] = 0
            arrivedBy[root.to] = Int32(index)
            queue.append(Int32(root.to))
        }
        let owning = OwningReferences(graph)
        search(&queue) { owning.contains($0, of: $1) }
        search(&queue) { edge, _ in edge.kind == .strong }
    }

    /// Goes on from all that was found, by the references that count.
    private mutating func search(_ queue: inout [Int32], _ counts: (GraphEdge, Int) -> Bool) {
        var next = 0
        while next < queue.count {
            let block = Int(queue[next])
            next += 1
            for edge in graph.firstEdge[block]..<graph.firstEdge[block + 1] {
                let target = graph.edges[edge].to
                guard depth[target] == Self.unreached, counts(graph.edges[edge], block) else { continue }
                depth[target] = depth[block] + 1
                arrivedBy[target] = Int32(edge)
                cameFrom[target] = Int32(block)
                queue.append(Int32(target))
            }
        }
    }

    /// The shortest way to any of some blocks.
    /// - Parameter targets: Indices into ``ObjectGraph/blocks``.
    /// - Returns: The way; `nil` if no root leads to one of them.
    package func path(toAnyOf targets: [Int]) -> Path? {
        let reached = targets.filter { depth[$0] != Self.unreached }
        guard var block = reached.min(by: { (depth[$0], $0) < (depth[$1], $1) }) else { return nil }
        var path = Path(root: 0, blocks: [block], offsets: [])
        while depth[block] > 0 {
            path.offsets.append(graph.edges[Int(arrivedBy[block])].offset)
            block = Int(cameFrom[block])
            path.blocks.append(block)
        }
        path.root = Int(arrivedBy[block])
        path.blocks.reverse()
        path.offsets.reverse()
        return path
    }
}

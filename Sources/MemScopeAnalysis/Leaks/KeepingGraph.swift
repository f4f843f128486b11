package import MemScopeModel

/// What keeps what alive, with everything that belongs to one task as one node, and the roots as one.
///
/// Needs the whole graph: without roots nothing is alive. Only what a root leads to by references that own has a place in it.
package struct KeepingGraph: Sendable {
    /// The node of each block of the graph, -1 for those that no root leads to. Node 0 is the roots; nodes are numbered so that
    /// whatever keeps a node alone has a lower number.
    package private(set) var node: [Int32]
    /// The node that alone keeps each one: 0 for what the roots or several others keep. That of node 0 is 0.
    package private(set) var keeper: [Int32] = []
    /// Bytes that each node keeps alone, its own included.
    package private(set) var bytes: [UInt64] = []
    /// The block that a node is named by: of a task its object. -1 for node 0.
    package private(set) var block: [Int32] = []

    /// Number of nodes.
    package var count: Int { keeper.count }

    /// Finds out what each block and each task keeps alone. About linear in the graph.
    package init(_ graph: ObjectGraph) {
        let owner = Self.owners(graph)
        var search = Search(graph, owner)
        search.run()
        node = owner.map { search.number[Int($0)] }
        block = search.order
        keeper = Dominators.find(parents: search.parents, search.predecessors())
        bytes = [UInt64](repeating: 0, count: keeper.count)
        for (index, entry) in graph.blocks.enumerated() where node[index] > 0 { bytes[Int(node[index])] += entry.size }
        for inner in stride(from: keeper.count - 1, to: 0, by: -1) { bytes[Int(keeper[inner])] += bytes[inner] }
    }

    /// The block that stands for each: of a task's slabs the task object.
    private static func owners(_ graph: ObjectGraph) -> [Int32] {
        var owner = graph.blocks.indices.map { Int32($0) }
        for entry in graph.taskBlocks where entry.role == .slab { owner[entry.block] = Int32(entry.object) }
        return owner
    }

    /// Sums what the members of groups keep, each byte once for a group: what one member keeps another of it keeps not again.
    /// - Parameters:
    ///   - groups: The number of groups.
    ///   - groupsOf: The groups that a node is a member of, the node given by its block; not asked for node 0.
    /// - Returns: For each group the bytes that one of its members keeps.
    package func sums(groups: Int, groupsOf: (Int) -> [Int]) -> [UInt64] {
        var firstKept = [Int32](repeating: 0, count: count + 1)
        for inner in 1..<max(count, 1) { firstKept[Int(keeper[inner]) + 1] += 1 }
        for index in 0..<count { firstKept[index + 1] += firstKept[index] }
        var kept = [Int32](repeating: 0, count: max(count - 1, 0))
        var next = firstKept
        for inner in 1..<max(count, 1) {
            kept[Int(next[Int(keeper[inner])])] = Int32(inner)
            next[Int(keeper[inner])] += 1
        }
        var sums = [UInt64](repeating: 0, count: groups)
        // How many members of each group are on the way from the roots to here.
        var open = [Int](repeating: 0, count: groups)
        var path: [(node: Int32, next: Int32, groups: [Int])] = count > 0 ? [(0, firstKept[0], [])] : []
        while let (outer, position, members) = path.last {
            guard position < firstKept[Int(outer) + 1] else {
                for group in members { open[group] -= 1 }
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let inner = kept[Int(position)]
            let groups = groupsOf(Int(block[Int(inner)]))
            for group in groups {
                if open[group] == 0 { sums[group] += bytes[Int(inner)] }
                open[group] += 1
            }
            path.append((inner, firstKept[Int(inner)], groups))
        }
        return sums
    }
}

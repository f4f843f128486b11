package import MemScopeModel

/// What leaked, why, and how much of it hangs on what.
package struct LeakFindings: Sendable {
    /// Leaked blocks, those that are only dead not included.
    package private(set) var blocks: UInt64 = 0
    /// Bytes of those.
    package private(set) var bytes: UInt64 = 0
    /// Objects that are only dead: deinitialised, and not freed because of `unowned` references.
    package private(set) var deadBlocks: UInt64 = 0
    /// Bytes of those.
    package private(set) var deadBytes: UInt64 = 0
    /// By kind, stack and type; those that keep most first.
    package private(set) var groups: [LeakGroup] = []
    /// Cycles by shape; those that keep most first.
    package private(set) var cycles: [LeakedCycle] = []
    /// Leaked bytes by context, indices as in ``HeapSnapshot/contexts``.
    package private(set) var bytesOfContext: [UInt64]
    /// Leaked bytes that single tasks allocated, indices as in ``HeapSnapshot/tasks``.
    package private(set) var bytesOfTask: [UInt64]
    /// The kind of each block of the graph, `nil` for those that are not leaked.
    package private(set) var categories: [LeakCategory?]
    /// Who alone keeps what, for ``RetainedTrees``.
    package let kept: KeptBlocks

    private struct GroupKey: Hashable {
        var category: LeakCategory
        var node: Int
        var type: Int?
    }

    /// Classifies the graph of a snapshot. About linear in blocks and references.
    /// - Parameters:
    ///   - snapshot: The snapshot; its ``HeapSnapshot/graph`` is looked at.
    ///   - isKnown: Of each block of the graph whether an earlier search found it; `nil` where nobody knows.
    package init(_ snapshot: HeapSnapshot, isKnown: [Bool]? = nil) {
        let graph = snapshot.graph
        bytesOfContext = [UInt64](repeating: 0, count: snapshot.contexts.count)
        categories = [LeakCategory?](repeating: nil, count: graph.blocks.count)
        bytesOfTask = [UInt64](repeating: 0, count: snapshot.tasks.count)
        for entry in graph.taskBlocks where entry.role == .leaked && !graph.blocks[entry.block].isIgnored {
            if let task = entry.task { bytesOfTask[task] += graph.blocks[entry.block].size }
        }
        let leaked = BlockSubgraph(leakedIn: graph)
        let components = StrongComponents(leaked)
        let retained = RetainedSizes(graph, leaked, components)
        var cycleRows = CycleRows(snapshot, leaked, components, isKnown: isKnown)
        var groupOf: [GroupKey: Int] = [:]

        var groupSums = RetainedSums(retained)
        var cycleSums = groupSums
        kept = KeptBlocks(leaked, components, retained, groupSums)

        for component in groupSums.order.map({ Int($0) }) {
            let cycle = cycleRows.add(component)
            let category: LeakCategory = cycle != nil ? .cycle : retained.isReferred[component] ? .held : .definite
            if let cycle, cycleSums.add(component, to: cycle) { cycleRows.addRoot(component, to: cycle) }
            for node in components.members(of: component) {
                let block = Int(leaked.block[Int(node)])
                blocks += 1
                bytes += graph.blocks[block].size
                bytesOfContext[graph.blocks[block].context] += graph.blocks[block].size
                let group = add(block, category, snapshot, isKnown, &groupOf)
                if groupSums.add(component, to: group), category == .definite {
                    groups[group].roots.append(Int32(component))
                }
            }
        }
        for index in groups.indices { groups[index].retainedBytes = groupSums.bytes[index] }
        cycles = cycleRows.rows
        for index in cycles.indices { cycles[index].retainedBytes = cycleSums.bytes[index] }
        for (index, block) in graph.blocks.enumerated() where block.isDead && block.isReachable && !block.isIgnored {
            groups[add(index, .dead, snapshot, isKnown, &groupOf)].retainedBytes += block.size
            deadBlocks += 1
            deadBytes += block.size
        }
        groups.sort {
            ($0.retainedBytes, $0.bytes, $1.node, $1.representative)
                > ($1.retainedBytes, $1.bytes, $0.node, $0.representative)
        }
        cycles.sort { ($0.retainedBytes, $1.representatives[0]) > ($1.retainedBytes, $0.representatives[0]) }
    }

    /// Counts a block; returns the index of its row.
    private mutating func add(
        _ block: Int, _ category: LeakCategory, _ snapshot: HeapSnapshot, _ isKnown: [Bool]?,
        _ groupOf: inout [GroupKey: Int]
    ) -> Int {
        let entry = snapshot.graph.blocks[block]
        categories[block] = category
        let key = GroupKey(category: category, node: snapshot.sites[entry.site].node, type: entry.type)
        let index = groupOf[key] ?? groups.count
        if index == groups.count {
            groupOf[key] = index
            groups.append(LeakGroup(category: category, node: key.node, type: key.type, representative: block))
        }
        groups[index].blocks += 1
        groups[index].bytes += entry.size
        if let isKnown, !isKnown[block] { groups[index].newBlocks += 1 }
        groups[index].representative = min(groups[index].representative, block)
        return index
    }
}

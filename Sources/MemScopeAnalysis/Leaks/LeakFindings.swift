package import MemScopeModel

/// What leaked, why, and how much of it hangs on what.
package struct LeakFindings: Sendable {
    /// Leaked blocks, those that are only dead not included.
    package private(set) var blocks: UInt64 = 0
    /// Bytes of those.
    package private(set) var bytes: UInt64 = 0
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

    private struct GroupKey: Hashable {
        var category: LeakCategory
        var node: Int
        var type: Int?
    }

    /// Classifies the graph of a snapshot. About linear in blocks and references.
    /// - Parameter snapshot: The snapshot; its ``HeapSnapshot/graph`` is looked at.
    package init(_ snapshot: HeapSnapshot) {
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
        var search = CycleSearch(snapshot, leaked, components)
        var groupOf: [GroupKey: Int] = [:]
        var cycleOf: [[LeakedCycle.Member]: Int] = [:]

        var groupSums = RetainedSums(retained)
        var cycleSums = groupSums

        for component in groupSums.order.map({ Int($0) }) {
            let members = components.members(of: component)
            let cycle = search.mayBeCycle(component) ? search.shortestCycle(in: component) : []
            let category: LeakCategory =
                !cycle.isEmpty ? .cycle : retained.isReferred[component] ? .held : .definite
            if !cycle.isEmpty {
                cycleSums.add(component, to: add(cycle, members.count, snapshot, leaked, &cycleOf))
            }
            for node in members {
                let block = Int(leaked.block[Int(node)])
                blocks += 1
                bytes += graph.blocks[block].size
                bytesOfContext[graph.blocks[block].context] += graph.blocks[block].size
                groupSums.add(component, to: add(block, category, snapshot, &groupOf))
            }
        }
        for index in groups.indices { groups[index].retainedBytes = groupSums.bytes[index] }
        for index in cycles.indices { cycles[index].retainedBytes = cycleSums.bytes[index] }
        for (index, block) in graph.blocks.enumerated() where block.isDead && block.isReachable && !block.isIgnored {
            groups[add(index, .dead, snapshot, &groupOf)].retainedBytes += block.size
        }
        groups.sort {
            ($0.retainedBytes, $0.bytes, $1.node, $1.representative)
                > ($1.retainedBytes, $1.bytes, $0.node, $0.representative)
        }
        cycles.sort { ($0.retainedBytes, $1.representatives[0]) > ($1.retainedBytes, $0.representatives[0]) }
    }

    /// Counts a block; returns the index of its row.
    private mutating func add(
        _ block: Int, _ category: LeakCategory, _ snapshot: HeapSnapshot, _ groupOf: inout [GroupKey: Int]
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
        groups[index].representative = min(groups[index].representative, block)
        return index
    }

    /// Counts a cycle of a component of so many blocks; returns the index of its row.
    private mutating func add(
        _ cycle: [(node: Int32, reference: Int32)], _ size: Int, _ snapshot: HeapSnapshot,
        _ leaked: BlockSubgraph, _ cycleOf: inout [[LeakedCycle.Member]: Int]
    ) -> Int {
        let members = cycle.map { step in
            let block = snapshot.graph.blocks[Int(leaked.block[Int(step.node)])]
            return LeakedCycle.Member(
                type: block.type, node: snapshot.sites[block.site].node,
                offset: Int(leaked.offsets[Int(step.reference)]),
                closure: leaked.closures[Int(step.reference)] < 0 ? nil : Int(leaked.closures[Int(step.reference)]))
        }
        let index = cycleOf[members] ?? cycles.count
        if index == cycles.count {
            cycleOf[members] = index
            cycles.append(
                LeakedCycle(members: members, representatives: cycle.map { Int(leaked.block[Int($0.node)]) }))
        }
        cycles[index].instances += 1
        cycles[index].largestComponent = max(cycles[index].largestComponent, size)
        return index
    }
}

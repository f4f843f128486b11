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
    /// Of each block of the graph its row in ``groups``; -1 for those that are in none.
    package private(set) var row: [Int32]
    /// The kind of each block of the graph, `nil` for those that are not leaked. Made anew each time, linear in the blocks.
    package var categories: [LeakCategory?] { row.indices.map(category) }
    /// Who alone keeps what, for ``RetainedTrees``.
    package let kept: KeptBlocks

    /// By site: the row of the latest of its blocks, -1 if there was none. Empty when all are in.
    private var latestRow: [Int32]

    private struct GroupKey: Hashable {
        var category: LeakCategory
        var node: Int
        var type: Int?
    }

    /// Classifies the graph of a snapshot. About linear in blocks and references.
    /// - Parameters:
    ///   - snapshot: The snapshot; its ``HeapSnapshot/graph`` is looked at.
    ///   - places: Which stacks and closures are one in a row; if nobody says it, each is its own.
    ///   - isKnown: Of each block of the graph whether an earlier search found it; `nil` where nobody knows.
    package init(_ snapshot: HeapSnapshot, places: LeakPlaces? = nil, isKnown: [Bool]? = nil) {
        let places = places ?? LeakPlaces(snapshot)
        let graph = snapshot.graph
        bytesOfContext = [UInt64](repeating: 0, count: snapshot.contexts.count)
        row = [Int32](repeating: -1, count: graph.blocks.count)
        latestRow = [Int32](repeating: -1, count: snapshot.sites.count)
        bytesOfTask = [UInt64](repeating: 0, count: snapshot.tasks.count)
        for entry in graph.taskBlocks where entry.role == .leaked && !graph.blocks[entry.block].isIgnored {
            if let task = entry.task { bytesOfTask[task] += graph.blocks[entry.block].size }
        }
        let leaked = BlockSubgraph(leakedIn: graph)
        let components = StrongComponents(leaked)
        let retained = RetainedSizes(graph, leaked, components)
        var cycleRows = CycleRows(snapshot, places, leaked, components, isKnown: isKnown)
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
                let group = add(block, category, snapshot.graph, places, isKnown, &groupOf)
                if groupSums.add(component, to: group), category == .definite {
                    groups[group].roots.append(Int32(component))
                }
            }
        }
        for index in groups.indices { groups[index].retainedBytes = groupSums.bytes[index] }
        cycles = cycleRows.rows
        for index in cycles.indices { cycles[index].retainedBytes = cycleSums.bytes[index] }
        for (index, block) in graph.blocks.enumerated() where block.isDead && block.isReachable && !block.isIgnored {
            groups[add(index, .dead, snapshot.graph, places, isKnown, &groupOf)].retainedBytes += block.size
            deadBlocks += 1
            deadBytes += block.size
        }
        latestRow = []
        sortGroups()
        cycles.sort { ($0.retainedBytes, $1.representatives[0]) > ($1.retainedBytes, $0.representatives[0]) }
    }

    /// The kind of a block of the graph, `nil` if it is not leaked.
    package func category(of block: Int) -> LeakCategory? { row[block] < 0 ? nil : groups[Int(row[block])].category }

    /// The row that a block belongs to. Mostly it is that of the last one from the same site, which is not looked up.
    private mutating func group(
        of entry: GraphBlock, _ category: LeakCategory, _ places: LeakPlaces, _ groupOf: inout [GroupKey: Int],
        first: Int
    ) -> Int {
        let node = places.node[entry.site]
        let latest = Int(latestRow[entry.site])
        if latest >= 0, groups[latest].type == entry.type, groups[latest].category == category { return latest }
        let key = GroupKey(category: category, node: node, type: entry.type)
        let index = groupOf[key] ?? groups.count
        if index == groups.count {
            groupOf[key] = index
            groups.append(LeakGroup(category: category, node: node, type: entry.type, representative: first))
        }
        latestRow[entry.site] = Int32(index)
        return index
    }

    private mutating func sortGroups() {
        func order(_ group: LeakGroup) -> (UInt64, UInt64, Int, Int) {
            (group.retainedBytes, group.bytes, -group.node, -group.representative)
        }
        let sorted = groups.indices.sorted { order(groups[$0]) > order(groups[$1]) }
        var position = [Int32](repeating: 0, count: groups.count)
        for (index, old) in sorted.enumerated() { position[old] = Int32(index) }
        groups = sorted.map { groups[$0] }
        for index in row.indices where row[index] >= 0 { row[index] = position[Int(row[index])] }
    }

    /// Counts a block; returns the index of its row.
    private mutating func add(
        _ block: Int, _ category: LeakCategory, _ graph: ObjectGraph, _ places: LeakPlaces, _ isKnown: [Bool]?,
        _ groupOf: inout [GroupKey: Int]
    ) -> Int {
        let entry = graph.blocks[block]
        let index = group(of: entry, category, places, &groupOf, first: block)
        row[block] = Int32(index)
        groups[index].blocks += 1
        groups[index].bytes += entry.size
        if let isKnown, !isKnown[block] { groups[index].newBlocks += 1 }
        groups[index].representative = min(groups[index].representative, block)
        return index
    }
}

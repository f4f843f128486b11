internal import MemScopeModel

/// Finds the shortest cycle through a component's most telling object.
struct CycleSearch {
    private let snapshot: HeapSnapshot
    private let places: LeakPlaces
    private let leaked: BlockSubgraph
    private let components: StrongComponents
    /// By node: the reference that led there in the current search, valid if `round` is the current one.
    private var arrivedBy: [Int32]
    private var cameFrom: [Int32]
    private var round: [Int32]
    private var rounds: Int32 = 0

    init(
        _ snapshot: HeapSnapshot, _ places: LeakPlaces, _ leaked: BlockSubgraph, _ components: StrongComponents
    ) {
        self.snapshot = snapshot
        self.places = places
        self.leaked = leaked
        self.components = components
        arrivedBy = [Int32](repeating: -1, count: leaked.count)
        cameFrom = arrivedBy
        round = [Int32](repeating: 0, count: leaked.count)
    }

    /// The nodes of a cycle and the reference of each to the next; empty if the component has none.
    ///
    /// The search starts at the object whose type and stack have the smallest numbers, so that components of one shape give cycles of one
    /// shape; at a task's memory only if there is nothing else.
    mutating func shortestCycle(in component: Int) -> [(node: Int32, reference: Int32)] {
        let start = components.members(of: component).min { key(of: $0) < key(of: $1) }!
        rounds += 1
        var queue = [start]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for reference in leaked.references(of: Int(node)) {
                let target = leaked.targets[reference]
                if target == start, node != start || !isTaskMemory(start) {
                    return path(to: node, from: start, closedBy: Int32(reference))
                }
                guard components.component[Int(target)] == component, round[Int(target)] != rounds else { continue }
                round[Int(target)] = rounds
                arrivedBy[Int(target)] = Int32(reference)
                cameFrom[Int(target)] = node
                queue.append(target)
            }
        }
        return []
    }

    /// The cycle of the component that has the most telling object; empty if there is no cycle.
    mutating func firstCycle() -> [(node: Int32, reference: Int32)] {
        let cycles = (0..<components.count).filter { mayBeCycle($0) }
        let first = cycles.map { component in
            (component, key(of: components.members(of: component).min { key(of: $0) < key(of: $1) }!))
        }.min { $0.1 < $1.1 }
        return first.map { shortestCycle(in: $0.0) } ?? []
    }

    /// Whether a component is a cycle that somebody made: a task and its slabs refer to each other, and an empty list of C to itself.
    func mayBeCycle(_ component: Int) -> Bool {
        let members = components.members(of: component)
        if members.count > 1 { return !members.allSatisfy { isTaskMemory($0) } }
        let node = members[members.startIndex]
        guard snapshot.graph.blocks[Int(leaked.block[Int(node)])].type != nil, !isTaskMemory(node) else { return false }
        return leaked.references(of: Int(node)).contains { leaked.targets[$0] == node }
    }

    private func isTaskMemory(_ node: Int32) -> Bool {
        guard let type = snapshot.graph.blocks[Int(leaked.block[Int(node)])].type else { return false }
        return snapshot.types[type].kind == .task || snapshot.types[type].kind == .taskSlab
    }

    private func key(of node: Int32) -> (Int, Int, Int, Int32) {
        let block = snapshot.graph.blocks[Int(leaked.block[Int(node)])]
        return (isTaskMemory(node) ? 1 : 0, block.type ?? Int.max, places.node[block.site], node)
    }

    private func path(to last: Int32, from start: Int32, closedBy reference: Int32) -> [(node: Int32, reference: Int32)]
    {
        var cycle = [(node: last, reference: reference)]
        var node = last
        while node != start {
            let outer = cameFrom[Int(node)]
            cycle.append((outer, arrivedBy[Int(node)]))
            node = outer
        }
        return cycle.reversed()
    }
}

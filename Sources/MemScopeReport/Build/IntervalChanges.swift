internal import MemScopeAnalysis
internal import MemScopeModel

/// The changes of a history by nodes of the call tree, of which there are as many as a report has room for.
struct IntervalChanges {
    private let history: HeapHistory
    /// For each site the display node whose change it is.
    private let nodes: [Int32]

    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - tree: Its stacks by name.
    ///   - pruning: The nodes that the report shows.
    ///   - limit: How many changes there may be in all intervals. Where they are more, those of inner nodes count for outer ones.
    init(_ snapshot: HeapSnapshot, _ tree: DisplayTree, _ pruning: TreePruning, limit: Int) {
        history = snapshot.history
        guard !history.notes.isEmpty else {
            nodes = []
            return
        }
        var ranks: [UInt16] = []
        var chosen = pruning
        var nodes = Self.nodes(snapshot, tree, chosen)
        var room = chosen.kept.count
        while room > 16, Self.count(history, nodes, tree.parents.count) > limit {
            room /= 3
            if ranks.isEmpty { ranks = tree.ranks() }
            chosen = TreePruning(parents: tree.parents, ranks: ranks, limit: room, wanted: [])
            nodes = Self.nodes(snapshot, tree, chosen)
        }
        self.nodes = nodes
    }

    /// The intervals, with nodes as `pruning` numbers those that stay.
    func intervals(_ pruning: TreePruning) -> [Report.Timeline.Interval] {
        history.notes.indices.map { note in
            var interval = Report.Timeline.Interval(
                endNanoseconds: history.notes[note].time, mark: history.notes[note].mark,
                changes: history.changes(of: note).map {
                    Report.Timeline.Interval.Change(
                        node: Int(nodes[$0.site]), allocations: $0.allocations, allocatedBytes: $0.allocatedBytes,
                        frees: $0.frees, freedBytes: $0.freedBytes)
                })
            interval.mapNodes { pruning.nearest($0) }
            return interval
        }
    }

    private static func nodes(_ snapshot: HeapSnapshot, _ tree: DisplayTree, _ pruning: TreePruning) -> [Int32] {
        snapshot.sites.map { site in
            let position = pruning.nearest(Int(tree.place[site.node]))
            return position < 0 ? 0 : pruning.kept[position]
        }
    }

    /// How many changes of different nodes the notes have.
    private static func count(_ history: HeapHistory, _ nodes: [Int32], _ nodeCount: Int) -> Int {
        var seen = [Int32](repeating: -1, count: nodeCount)
        var count = 0
        for note in history.notes.indices {
            for change in history.changes(of: note) where seen[Int(nodes[change.site])] != Int32(note) {
                seen[Int(nodes[change.site])] = Int32(note)
                count += 1
            }
        }
        return count
    }
}

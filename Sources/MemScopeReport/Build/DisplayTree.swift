internal import MemScopeAnalysis
internal import MemScopeModel

/// The call tree as it is shown: names instead of addresses, inlined functions as nodes of their own, and nodes that
/// show the same function and line under the same parent as one.
///
/// Always true: node 0 is the root, which has no frame; a parent precedes its children. Nodes lie in columns, because a
/// tree may have millions of them and most passes look at one column.
struct DisplayTree {
    /// The distinct frames.
    let frames: [Report.Frame]
    /// Each node's parent; the root is its own.
    let parents: [Int32]
    /// Each node's frame, an index into ``frames``; -1 for the root.
    let frame: [Int32]
    /// How each node came to be below its parent.
    let kinds: [CallNode.Kind]
    /// For each node of the trie, the node that its innermost frame became.
    let place: [Int32]
    /// What was allocated in each node, and in it or below it.
    let totals: CallTreeTotals

    init(_ snapshot: HeapSnapshot, _ names: SnapshotNames) {
        let table = FrameTable(snapshot, names)
        frames = table.frames
        var tree = GrowingTree(capacity: snapshot.nodes.count)
        var place = [Int32](repeating: 0, count: snapshot.nodes.count)
        for index in snapshot.nodes.indices.dropFirst() {
            let node = snapshot.nodes[index]
            var current = place[node.parent]
            for frame in table.frames(ofAddress: node.address) {
                current = tree.child(of: current, frame: frame, kind: node.kind)
            }
            place[index] = current
        }
        parents = tree.parents
        frame = tree.frame
        kinds = tree.kinds
        self.place = place
        totals = CallTreeTotals(snapshot, at: place, parents: parents)
    }

    /// Each node's largest share of the whole, as ``TreePruning`` orders them.
    func ranks() -> [UInt16] {
        let metrics: [AllocationMetric] = [
            .allocatedBytes, .allocations, .liveBytes, .liveBlocks, .peakBytes, .temporaries,
        ]
        let scales = metrics.map { metric in
            let whole = metric.value(of: totals[0])
            return (metric, whole == 0 ? 0 : 1 / Float(whole))
        }
        return totals.map { totals in
            var share: Float = 0
            for (metric, scale) in scales { share = max(share, Float(metric.value(of: totals)) * scale) }
            return TreePruning.rank(ofShare: share)
        }
    }
}

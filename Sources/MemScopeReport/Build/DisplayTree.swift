internal import MemScopeAnalysis
internal import MemScopeModel

/// The call tree as it is shown: names instead of addresses, inlined functions as nodes of their own, and nodes that
/// show the same function and line under the same parent as one.
///
/// Always true: node 0 is the root, which has no frame; a parent precedes its children; the totals of a node include
/// those of its children.
struct DisplayTree {
    /// A node without its figures.
    struct Node {
        /// Index of the parent; the root is its own.
        var parent: Int32
        /// Index into ``DisplayTree/frames``, -1 for the root.
        var frame: Int32
        /// How the node came to be below its parent.
        var kind: CallNode.Kind
    }

    /// The distinct frames.
    private(set) var frames: [Report.Frame] = []
    /// The tree.
    private(set) var nodes: [Node] = [Node(parent: 0, frame: -1, kind: .frame)]
    /// For each node, the totals of the stacks that end in it.
    private(set) var own: [AllocationTotals] = []
    /// For each node, the totals of the stacks that end in it or below it.
    private(set) var totals: [AllocationTotals] = []
    /// For each node, how many distinct stacks end in it.
    private(set) var stacks: [Int32] = []

    init(_ snapshot: HeapSnapshot, _ names: SnapshotNames) {
        let frameLists = internFrames(snapshot, names)
        let place = expand(snapshot.nodes, frameLists)
        addUp(snapshot, place)
    }

    /// For each address, the indices of its frames, innermost first.
    private mutating func internFrames(_ snapshot: HeapSnapshot, _ names: SnapshotNames) -> [[Int32]] {
        let map = ModuleMap(snapshot.modules)
        var known: [Report.Frame: Int32] = [:]
        return snapshot.addresses.enumerated().map { index, address in
            var list = index < names.addresses.count ? names.addresses[index].frames : []
            if list.isEmpty { list = [map.frame(for: address)] }
            return list.map { frame in
                if let index = known[frame] { return index }
                let index = Int32(frames.count)
                frames.append(frame)
                known[frame] = index
                return index
            }
        }
    }

    /// Makes the nodes and returns, for each node of the trie, the node that its innermost frame became.
    private mutating func expand(_ trie: [CallNode], _ frameLists: [[Int32]]) -> [Int32] {
        var table = ChildTable()
        var place = [Int32](repeating: 0, count: trie.count)
        for index in trie.indices.dropFirst() {
            let node = trie[index]
            var current = place[node.parent]
            for frame in frameLists[node.address].reversed() {
                let parent = current
                current = table.child(parent, frame, node.kind.rawValue) {
                    nodes.append(Node(parent: parent, frame: frame, kind: node.kind))
                    return Int32(nodes.count - 1)
                }
            }
            place[index] = current
        }
        return place
    }

    private mutating func addUp(_ snapshot: HeapSnapshot, _ place: [Int32]) {
        own = [AllocationTotals](repeating: AllocationTotals(), count: nodes.count)
        stacks = [Int32](repeating: 0, count: nodes.count)
        var seen = [Bool](repeating: false, count: snapshot.nodes.count)
        for site in snapshot.sites {
            let node = Int(place[site.node])
            own[node] += AllocationTotals(site)
            if !seen[site.node] {
                seen[site.node] = true
                stacks[node] += 1
            }
        }
        totals = own
        totals.withUnsafeMutableBufferPointer { totals in
            var node = totals.count - 1
            while node > 0 {
                totals[Int(nodes[node].parent)] += totals[node]
                node -= 1
            }
        }
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

/// Chooses which nodes of a tree a report of bounded size shows.
///
/// A node's share is the largest of its shares of the whole: of bytes allocated, blocks allocated, bytes live, and so
/// on. A child's share is never larger than its parent's, so the nodes with the largest shares form a tree by
/// themselves. Time is linear in the number of nodes.
struct TreePruning {
    /// For each node, its position among the nodes that stay, or -1. The root is not counted.
    private(set) var position: [Int32]
    /// The nodes that stay, in order, the root left out.
    private(set) var kept: [Int32] = []
    private let parents: [Int32]

    /// - Parameters:
    ///   - parents: Each node's parent, which precedes it; node 0 is the root.
    ///   - ranks: Each node's share as ``rank(ofShare:)`` orders it.
    ///   - limit: How many nodes may stay.
    ///   - wanted: Nodes that stay, with their callers, whatever their share.
    init(parents: [Int32], ranks: [UInt16], limit: Int, wanted: [Int]) {
        self.parents = parents
        position = [Int32](repeating: -1, count: parents.count)
        var ranks = ranks
        for node in wanted {
            var node = node
            while node > 0, ranks[node] != UInt16.max {
                ranks[node] = UInt16.max
                node = Int(parents[node])
            }
        }
        let threshold = Self.threshold(ranks, limit: limit)
        // Of the nodes exactly at the threshold, the first ones stay: a parent comes before its children.
        var room = limit - ranks.dropFirst().reduce(0) { $0 + ($1 > threshold ? 1 : 0) }
        for node in ranks.indices.dropFirst() {
            // What allocates nothing is there for the stacks of retains alone.
            guard ranks[node] >= threshold, ranks[node] > 0 else { continue }
            if ranks[node] == threshold {
                guard room > 0 else { continue }
                room -= 1
            }
            position[node] = Int32(kept.count)
            kept.append(Int32(node))
        }
    }

    /// The position of the nearest node that stays, the node itself or a caller of it; -1 if none does.
    func nearest(_ node: Int) -> Int {
        var node = node
        while node > 0, position[node] < 0 { node = Int(parents[node]) }
        return node > 0 ? Int(position[node]) : -1
    }

    /// A share between 0 and 1 as a number that orders the same way.
    ///
    /// The upper bits of a float order as the float does; they resolve shares to 1/128 of their size.
    static func rank(ofShare share: Float) -> UInt16 {
        UInt16(truncatingIfNeeded: min(max(share, 0), 1).bitPattern >> 16)
    }

    /// The largest rank such that the nodes of that rank or above are at least as many as may stay.
    private static func threshold(_ ranks: [UInt16], limit: Int) -> UInt16 {
        var histogram = [Int](repeating: 0, count: 1 << 16)
        for rank in ranks.dropFirst() { histogram[Int(rank)] += 1 }
        var count = 0
        for rank in stride(from: UInt16.max, to: 0, by: -1) {
            count += histogram[Int(rank)]
            if count >= limit { return rank }
        }
        return 0
    }
}

package import MemScopeModel

/// What grows with every repetition of the same work: exact counts at the ends of the repetitions, compared.
///
/// A group of sites grew with the repetitions if it holds at least one block more for each of them, over all and over the second half alone. What
/// is allocated once, and a cache that is full after some repetitions, stay below one. The rest of what a figure grew by, a remainder, is
/// told in the total only.
package struct AbandonedGrowth: Sendable, Equatable {
    /// Which group of sites.
    package let group: Int
    /// What grew and is reached: blocks and bytes more than before the first repetition.
    package let blocks: UInt64
    package let bytes: UInt64
    /// Whole blocks for each repetition of that.
    package let blocksPerRepetition: UInt64
    /// Of what grew, what nothing refers to.
    package let leakedBlocks: UInt64
    package let leakedBytes: UInt64
    package let leakedPerRepetition: UInt64

    /// How much of each group leaked, in blocks and bytes.
    package struct Leaked: Sendable, Equatable {
        package var blocks: [UInt64]
        package var bytes: [UInt64]

        /// Sums the leaked blocks of a graph.
        package init(_ graph: ObjectGraph, by groups: [Int32], count: Int) {
            blocks = [UInt64](repeating: 0, count: count)
            bytes = blocks
            for block in graph.blocks where !block.isReachable && !block.isIgnored && groups[block.site] >= 0 {
                blocks[Int(groups[block.site])] += 1
                bytes[Int(groups[block.site])] += block.size
            }
        }

        /// Sums what leaked site by site.
        package init(_ sites: [Int: (blocks: UInt64, bytes: UInt64)], by groups: [Int32], count: Int) {
            blocks = [UInt64](repeating: 0, count: count)
            bytes = blocks
            for (site, sum) in sites where groups[site] >= 0 {
                blocks[Int(groups[site])] += sum.blocks
                bytes[Int(groups[site])] += sum.bytes
            }
        }
    }

    /// Compares what the groups held before the first repetition, after each, and at the end.
    ///
    /// - Parameters:
    ///   - history: Its held notes end before the first repetition and after each; its last note ends when all had come to rest.
    ///   - repetitions: How many there were, at least two.
    ///   - groups: For each site the group that it counts for, -1 for none.
    ///   - before: What had leaked before the first repetition.
    ///   - after: What had leaked at the end.
    /// - Returns: The groups that grew with the repetitions, in their order; `nil` if the history does not have the notes for it.
    package static func all(
        in history: HeapHistory, repetitions: Int, by groups: [Int32], before: Leaked, after: Leaked
    ) -> [AbandonedGrowth]? {
        let held = history.notes.indices.filter { history.notes[$0].isHeld }
        guard held.count == repetitions + 1, let first = held.first else { return nil }
        let middle = held[repetitions / 2]
        let later = UInt64(repetitions - repetitions / 2)
        var sums = [(blocks: Int64, bytes: Int64, late: Int64)](repeating: (0, 0, 0), count: before.blocks.count)
        for note in history.notes.indices where note > first {
            for change in history.changes(of: note) where groups[change.site] >= 0 {
                let group = Int(groups[change.site])
                let blocks = Int64(change.allocations) - Int64(change.frees)
                sums[group].blocks += blocks
                sums[group].bytes += Int64(change.allocatedBytes) - Int64(change.freedBytes)
                if note > middle { sums[group].late += blocks }
            }
        }
        return sums.enumerated().compactMap { group, sum in
            guard sum.blocks >= Int64(repetitions), sum.late >= Int64(later) else { return nil }
            let all = UInt64(sum.blocks)
            let leaked = min(all, after.blocks[group] - min(before.blocks[group], after.blocks[group]))
            let leakedBytes = after.bytes[group] - min(before.bytes[group], after.bytes[group])
            let late = UInt64(sum.late) / later
            let bytes = UInt64(max(sum.bytes, 0))
            return AbandonedGrowth(
                group: group, blocks: all - leaked, bytes: bytes - min(bytes, leakedBytes),
                blocksPerRepetition: min((all - leaked) / UInt64(repetitions), late), leakedBlocks: leaked,
                leakedBytes: min(bytes, leakedBytes), leakedPerRepetition: min(leaked / UInt64(repetitions), late))
        }
    }
}

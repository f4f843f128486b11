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

    /// Compares what the groups held before the first repetition, after each, and at the end.
    ///
    /// - Parameters:
    ///   - history: Its held notes end before the first repetition and after each; its last note ends when all had come to rest.
    ///   - repetitions: How many there were, at least two.
    ///   - groups: For each site the group that it counts for, -1 for none.
    ///   - before: What no root led to before the first repetition.
    ///   - after: The same at the end. What is ignored of it counts for nothing: it is no leak, and nothing refers to it.
    /// - Returns: The groups that grew with the repetitions, in their order; `nil` if the history does not have the notes for it.
    package static func all(
        in history: HeapHistory, repetitions: Int, by groups: [Int32], before: UnreachedSums, after: UnreachedSums
    ) -> [AbandonedGrowth]? {
        let held = history.notes.indices.filter { history.notes[$0].isHeld }
        guard held.count == repetitions + 1, let first = held.first else { return nil }
        let middle = held[repetitions / 2]
        let later = UInt64(repetitions - repetitions / 2)
        let count = Int(groups.max() ?? -1) + 1
        var sums = [(blocks: Int64, bytes: Int64, late: Int64)](repeating: (0, 0, 0), count: count)
        for note in history.notes.indices where note > first {
            for change in history.changes(of: note) where groups[change.site] >= 0 {
                let group = Int(groups[change.site])
                let blocks = Int64(change.allocations) - Int64(change.frees)
                sums[group].blocks += blocks
                sums[group].bytes += Int64(change.allocatedBytes) - Int64(change.freedBytes)
                if note > middle { sums[group].late += blocks }
            }
        }
        func growth(_ kind: KeyPath<UnreachedSums, [Int: UnreachedSums.Sum]>) -> [UnreachedSums.Sum] {
            func byGroup(_ sites: [Int: UnreachedSums.Sum]) -> [UnreachedSums.Sum] {
                sites.reduce(into: [UnreachedSums.Sum](repeating: .init(), count: count)) { result, site in
                    if groups[site.key] >= 0 { result[Int(groups[site.key])] += site.value }
                }
            }
            return zip(byGroup(after[keyPath: kind]), byGroup(before[keyPath: kind])).map { $0.growth(since: $1) }
        }
        let (leaks, ignored) = (growth(\.leaked), growth(\.ignored))
        return sums.enumerated().compactMap { group, sum in
            let grown = sum.blocks - Int64(ignored[group].blocks)
            guard grown >= Int64(repetitions), sum.late >= Int64(later) else { return nil }
            let all = UInt64(grown)
            let leaked = min(all, leaks[group].blocks)
            let late = UInt64(sum.late) / later
            let bytes = UInt64(max(sum.bytes - Int64(ignored[group].bytes), 0))
            let leakedBytes = min(bytes, leaks[group].bytes)
            return AbandonedGrowth(
                group: group, blocks: all - leaked, bytes: bytes - leakedBytes,
                blocksPerRepetition: min((all - leaked) / UInt64(repetitions), late), leakedBlocks: leaked,
                leakedBytes: leakedBytes, leakedPerRepetition: min(leaked / UInt64(repetitions), late))
        }
    }
}

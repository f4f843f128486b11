package import MemScopeModel

/// What was allocated in one range of sizes: above one power of two, up to the next.
package struct SizeTotals: Sendable, Equatable {
    /// The sizes of the range.
    package var sizes: ClosedRange<UInt64>
    /// The totals of the sites of such a size.
    package var totals: AllocationTotals

    /// The histogram of sizes, smallest first, ranges without allocations left out.
    ///
    /// A site of mixed sizes has the upper bound of its range as its size, so it falls into the right one.
    /// - Parameter snapshot: Where the sites are.
    /// - Returns: One entry for each range that occurs.
    package static func histogram(of snapshot: HeapSnapshot) -> [SizeTotals] {
        var totals = [AllocationTotals](repeating: AllocationTotals(), count: 66)
        for site in snapshot.sites { totals[range(of: site.size)] += AllocationTotals(site) }
        return totals.indices.compactMap { index in
            guard totals[index].allocations > 0 else { return nil }
            return SizeTotals(sizes: sizes(of: index), totals: totals[index])
        }
    }

    /// 0 for size 0, 1 for size 1, 2 for size 2, 3 for 3…4, 4 for 5…8 and so on up to 65.
    private static func range(of size: UInt64) -> Int {
        size == 0 ? 0 : 1 + UInt64.bitWidth - (size - 1).leadingZeroBitCount
    }

    private static func sizes(of range: Int) -> ClosedRange<UInt64> {
        switch range {
        case 0, 1: UInt64(range)...UInt64(range)
        case 65: (UInt64(1) << 63 + 1)...UInt64.max
        default: (UInt64(1) << (range - 2) + 1)...(UInt64(1) << (range - 1))
        }
    }
}

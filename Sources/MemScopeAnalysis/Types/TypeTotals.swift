package import MemScopeModel

/// What was allocated of one type.
///
/// A block's type is known when it is freed and when it is live at the snapshot, so a type's allocations are its frees
/// and its live blocks together. All rows of a snapshot add up to the snapshot's totals, because blocks of no known
/// type have a row of their own.
package struct TypeTotals: Sendable, Equatable {
    /// Index into ``HeapSnapshot/types``, `nil` for the row of blocks that were not recognised.
    package var type: Int?
    /// Blocks freed.
    package var frees: UInt64 = 0
    /// Bytes of those.
    package var freedBytes: UInt64 = 0
    /// Blocks live.
    package var liveBlocks: UInt64 = 0
    /// Bytes of those.
    package var liveBytes: UInt64 = 0

    /// Blocks allocated.
    package var allocations: UInt64 { frees + liveBlocks }
    /// Bytes requested by all allocations.
    package var allocatedBytes: UInt64 { freedBytes + liveBytes }

    /// The totals of every type that occurs, in the order of the types; blocks of no known type come last.
    ///
    /// Time is linear in sites, live groups and freed types.
    /// - Parameter snapshot: The snapshot.
    /// - Returns: The rows that are not empty.
    package static func all(of snapshot: HeapSnapshot) -> [TypeTotals] {
        let untyped = snapshot.types.count
        var rows = (0..<untyped).map { TypeTotals(type: $0) }
        rows.append(TypeTotals(type: nil))

        // Sites are large, so what is needed of them is taken together in one pass.
        var rests = snapshot.sites.map { SiteRest($0, row: $0.type ?? untyped) }
        for freed in snapshot.freedTypes {
            rows[freed.type].frees += rests[freed.site].frees.take(freed.frees)
            rows[freed.type].freedBytes += rests[freed.site].freedBytes.take(freed.bytes)
        }
        // Groups may hold more than their site when the heap was read while the program ran; they are what was seen.
        for group in snapshot.liveGroups {
            let row = group.type ?? untyped
            rows[row].liveBlocks += group.blocks
            rows[row].liveBytes += group.bytes
            _ = rests[group.site].liveBlocks.take(group.blocks)
            _ = rests[group.site].liveBytes.take(group.bytes)
        }
        for rest in rests {
            rows[rest.row].frees += rest.frees
            rows[rest.row].freedBytes += rest.freedBytes
            rows[untyped].liveBlocks += rest.liveBlocks
            rows[untyped].liveBytes += rest.liveBytes
        }
        return rows.filter { $0.allocations > 0 }
    }
}

/// What of a site is not yet accounted for.
private struct SiteRest {
    /// Where what was freed belongs.
    let row: Int
    var frees: UInt64
    var freedBytes: UInt64
    var liveBlocks: UInt64
    var liveBytes: UInt64

    init(_ site: AllocationSite, row: Int) {
        self.row = row
        frees = site.frees
        freedBytes = site.freedBytes
        liveBlocks = site.liveBlocks
        liveBytes = site.liveBytes
    }
}

extension UInt64 {
    /// Takes away up to an amount and says how much it was.
    fileprivate mutating func take(_ amount: UInt64) -> UInt64 {
        let taken = Swift.min(self, amount)
        self -= taken
        return taken
    }
}

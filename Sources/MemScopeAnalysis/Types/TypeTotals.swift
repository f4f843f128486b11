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
            let taken = rests[freed.site].takeFrees(freed.frees, freed.bytes)
            rows[freed.type].addFrees(taken.blocks, taken.bytes)
        }
        // Groups may hold more than their site when the heap was read while the program ran; they are what was seen.
        for group in snapshot.liveGroups {
            rows[group.type ?? untyped].addLive(group.blocks, group.bytes)
            rests[group.site].takeLive(group.blocks, group.bytes)
        }
        var untypedRest = TypeTotals(type: nil)
        for rest in rests {
            rows[rest.row].addFrees(rest.frees, rest.freedBytes)
            untypedRest.addLive(rest.liveBlocks, rest.liveBytes)
        }
        rows[untyped].addLive(untypedRest.liveBlocks, untypedRest.liveBytes)
        return rows.filter { $0.allocations > 0 }
    }

    // The sums of a snapshot's columns are less than 2⁶³.
    private mutating func addFrees(_ blocks: UInt64, _ bytes: UInt64) {
        frees &+= blocks
        freedBytes &+= bytes
    }

    private mutating func addLive(_ blocks: UInt64, _ bytes: UInt64) {
        liveBlocks &+= blocks
        liveBytes &+= bytes
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

    /// Takes away up to some blocks and bytes, and says how many it were.
    mutating func takeFrees(_ blocks: UInt64, _ bytes: UInt64) -> (blocks: UInt64, bytes: UInt64) {
        let taken = (blocks: min(frees, blocks), bytes: min(freedBytes, bytes))
        frees &-= taken.blocks
        freedBytes &-= taken.bytes
        return taken
    }

    mutating func takeLive(_ blocks: UInt64, _ bytes: UInt64) {
        liveBlocks &-= min(liveBlocks, blocks)
        liveBytes &-= min(liveBytes, bytes)
    }
}

public import MemScopeModel

/// Blocks that one module allocated and another freed, or nobody.
public struct BoundaryTotals: Sendable, Equatable {
    /// Index into ``HeapSnapshot/modules``.
    public var allocatedIn: Int
    /// Index into ``HeapSnapshot/modules``; `nil` for what is not freed.
    public var freedIn: Int?
    /// Number of blocks.
    public var blocks: UInt64
    /// Their bytes.
    public var bytes: UInt64
    /// Index into ``HeapSnapshot/nodes`` of the place that allocated most of the bytes.
    public var node: Int

    /// The sums by pair of modules, those of most bytes first; empty without custody. Linear in sites and crossings.
    public static func all(of snapshot: HeapSnapshot) -> [BoundaryTotals] {
        guard snapshot.custody.isOn else { return [] }
        var rows: [BoundaryTotals] = []
        var rowOfPair: [Pair: Int] = [:]
        // What each row has of each place.
        var places: [[Int: UInt64]] = []
        func add(_ site: AllocationSite, _ freedIn: Int?, _ blocks: UInt64, _ bytes: UInt64) {
            guard let allocatedIn = site.module, blocks > 0 else { return }
            let pair = Pair(allocatedIn: allocatedIn, freedIn: freedIn)
            let row = rowOfPair[pair] ?? rows.count
            if row == rows.count {
                rowOfPair[pair] = row
                rows.append(BoundaryTotals(allocatedIn: allocatedIn, freedIn: freedIn, blocks: 0, bytes: 0, node: 0))
                places.append([:])
            }
            rows[row].blocks += blocks
            rows[row].bytes += bytes
            places[row][site.node, default: 0] += bytes
        }
        for crossing in snapshot.custody.crossings {
            add(snapshot.sites[crossing.site], crossing.freedIn, crossing.frees, crossing.bytes)
        }
        for site in snapshot.sites { add(site, nil, site.liveBlocks, site.liveBytes) }
        for row in rows.indices {
            rows[row].node = places[row].max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
        }
        return rows.sorted {
            ($1.bytes, $0.allocatedIn, $0.freedIn ?? -1) < ($0.bytes, $1.allocatedIn, $1.freedIn ?? -1)
        }
    }

    private struct Pair: Hashable {
        let allocatedIn: Int
        let freedIn: Int?
    }
}

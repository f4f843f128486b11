public import MemScopeModel

/// A place that copies storage again and again and lets the original go each time, so it could have been changed in place.
///
/// Copy on write makes such a copy when a second variable refers to the storage that is changed: a list taken out of a
/// dictionary, changed and put back, say. The copy replaces the original, which is then freed while the copy lives. So a
/// copy that was freed with no other allocation in between (a temporary) does not count: its original was kept, and the
/// copy was scratch. Nor do those count that are all still there.
public struct CopyStorm: Sendable, Equatable {
    /// Index into ``HeapSnapshot/nodes`` of the innermost frame of the copying stack.
    public var node: Int
    /// Copies that were replaced.
    public var copies: UInt64
    /// Bytes of these.
    public var bytes: UInt64
    /// The type that most of them had, an index into ``HeapSnapshot/types``.
    public var type: Int?
    /// How sure it is, from 0 to 1; `Docs/inferences.md` says what that meant over programs of which the truth is known.
    public var confidence: Double

    /// Copies of fewer bytes cost little; and what is empty has storage of its own only once something is in it.
    static let leastBytes: UInt64 = 128
    /// A storm has at least so many copies.
    static let leastCopies: UInt64 = 100

    /// The storms of a snapshot, those of most bytes first. Linear in the sites but for sorting.
    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - evidence: What the functions on a site's stack say, asked for sites that allocated often enough.
    /// - Returns: One storm for each stack that copied.
    public static func all(of snapshot: HeapSnapshot, evidence: (AllocationSite) -> CopyEvidence) -> [CopyStorm] {
        var sizesOfNode: [Int: [AllocationSite]] = [:]
        for site in snapshot.sites where site.size >= leastBytes && site.allocations > 0 {
            sizesOfNode[site.node, default: []].append(site)
        }
        var storms: [CopyStorm] = []
        for (node, sites) in sizesOfNode where sites.reduce(0, { $0 + $1.allocations }) >= leastCopies {
            let evidence = evidence(sites[0])
            guard evidence != .none, let storm = storm(at: node, sites, evidence) else { continue }
            storms.append(storm)
        }
        return storms.sorted { ($1.bytes, $0.node) < ($0.bytes, $1.node) }
    }

    private static func storm(at node: Int, _ sites: [AllocationSite], _ evidence: CopyEvidence) -> CopyStorm? {
        var copies: UInt64 = 0
        var bytes: UInt64 = 0
        var kept: UInt64 = 0
        var most: UInt64 = 0
        var type: Int?
        var smaller: UInt64 = 0
        for site in sites.sorted(by: { $0.size < $1.size }) {
            // Storage that grows is allocated in one size after the other, in no larger one more often than in the one
            // before. What is beyond that was copied.
            let grown = evidence == .wasShared ? 0 : min(smaller, site.allocations)
            smaller = site.allocations
            let replaced = site.frees - min(site.temporaries, site.frees)
            let share = replaced - min(grown, replaced)
            copies += share
            bytes += site.allocations == 0 ? 0 : site.allocatedBytes / site.allocations * share
            kept += max(site.liveBlocks, site.peakBlocks)
            if share > most {
                most = share
                type = site.type
            }
        }
        let allocations = sites.reduce(0) { $0 + $1.allocations }
        guard copies >= leastCopies, copies * 2 >= allocations else { return nil }
        // Where many copies were alive at once, each was somebody's.
        guard kept * 10 <= allocations else { return nil }
        let tenths = (evidence == .wasShared ? 8 : sites.count == 1 ? 7 : 5) - (kept > 2 ? 3 : 0)
        return CopyStorm(node: node, copies: copies, bytes: bytes, type: type, confidence: Double(tenths) / 10)
    }
}

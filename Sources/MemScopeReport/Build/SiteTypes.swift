internal import MemScopeAnalysis
internal import MemScopeModel

/// The type that each site's blocks are of, and whether all are.
///
/// A block's type is read when it is freed and in the live heap, not when it is allocated. What a site allocated in some interval is of a type for
/// sure where all its blocks, freed and live, were of that one.
struct SiteTypes {
    /// For each site an index into the snapshot's types, the first of those that are the same; -1 for no known type.
    private(set) var types: [Int32]
    /// Whether no block of the site is of another type.
    private(set) var isSure: [Bool]

    init(_ snapshot: HeapSnapshot, usual: (ofSites: [Int32], first: [Int32])) {
        types = usual.ofSites
        let first = usual.first
        var seen = [Int32?](repeating: nil, count: types.count)
        var sure = [Bool](repeating: true, count: types.count)
        func see(_ type: Int?, at site: Int) {
            let type = type.map { first[$0] } ?? -1
            if seen[site] == nil { seen[site] = type }
            if seen[site] != type { sure[site] = false }
        }
        var rest = snapshot.sites.map { (frees: $0.frees, live: $0.liveBlocks) }
        for freed in snapshot.freedTypes where freed.frees > 0 {
            see(freed.type, at: freed.site)
            rest[freed.site].frees -= min(rest[freed.site].frees, freed.frees)
        }
        for group in snapshot.liveGroups where group.blocks > 0 {
            see(group.type, at: group.site)
            rest[group.site].live -= min(rest[group.site].live, group.blocks)
        }
        for (index, site) in snapshot.sites.enumerated() {
            if rest[index].frees > 0 { see(site.type, at: index) }
            // Read while the program ran, the live heap may lack some.
            if rest[index].live > 0 { sure[index] = false }
            guard let type = seen[index], sure[index] else { continue }
            types[index] = type
            let family = TypeFamily(type < 0 ? nil : snapshot.types[Int(type)])
            if family.isUnseenAtFree, site.frees > 0 { sure[index] = false }
        }
        isSure = sure
    }
}

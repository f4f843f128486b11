package import MemScopeModel

/// What the tasks of each site allocated, those that are gone included.
package struct TaskSiteTotals: Sendable, Equatable {
    /// One entry for each of ``HeapSnapshot/taskSites``.
    package private(set) var sites: [AllocationTotals]
    /// Task objects allocated with the site's stack, one entry for each of ``HeapSnapshot/taskSites``: every task, whether
    /// it allocated or not. 0 for `async let`, whose tasks lie in their parents' memory.
    package private(set) var created: [UInt64]

    /// Sums the contexts by task site. Time is linear in contexts and sites.
    /// - Parameter snapshot: The snapshot.
    package init(_ snapshot: HeapSnapshot) {
        sites = [AllocationTotals](repeating: AllocationTotals(), count: snapshot.taskSites.count)
        for context in snapshot.contexts {
            if let site = context.taskSite { sites[site] += AllocationTotals(context) }
        }
        created = Self.created(snapshot)
    }

    private static func created(_ snapshot: HeapSnapshot) -> [UInt64] {
        var objects: [Int: UInt64] = [:]
        func isTask(_ type: Int?) -> Bool { type.map { snapshot.types[$0].kind == .task } ?? false }
        for freed in snapshot.freedTypes where isTask(freed.type) {
            objects[snapshot.sites[freed.site].node, default: 0] += freed.frees
        }
        for group in snapshot.liveGroups where isTask(group.type) {
            objects[snapshot.sites[group.site].node, default: 0] += group.blocks
        }
        // A stack that creates tasks of both kinds cannot be told apart; it counts for the first.
        var known: Set<Int> = []
        return snapshot.taskSites.map { site in
            guard site.kind != .asyncLet, site.node > 0, known.insert(site.node).inserted else { return 0 }
            return objects[site.node] ?? 0
        }
    }
}

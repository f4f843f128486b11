package import MemScopeModel

/// What tasks and scopes keep alive alone: what could not be reached if it were not for them.
///
/// A task keeps what is reached only through its own object and slabs, those included. A scope keeps what is reached only through one of the
/// blocks that were allocated in it or in an inner scope, those included: so no less than what it has live, as far as that can be
/// reached. What two blocks of a scope keep together, and neither alone, is in no figure.
package struct SoleBytes: Sendable, Equatable {
    /// By ``HeapSnapshot/tasks``; `nil` for a task that has no block of its own, such as an `async let`.
    package private(set) var ofTask: [UInt64?]
    /// By ``HeapSnapshot/taskSites``: of all tasks of the site, each byte once.
    package private(set) var ofTaskSite: [UInt64]
    /// By ``HeapSnapshot/scopes``.
    package private(set) var ofScope: [UInt64]

    /// Computes the figures; `nil` without the whole graph. About linear in the graph and in the depth of scopes.
    package init?(_ snapshot: HeapSnapshot) {
        guard !snapshot.graph.roots.isEmpty else { return nil }
        let keeping = KeepingGraph(snapshot.graph)
        let objects = snapshot.graph.taskBlocks.filter { $0.role == .object }
        ofTask = [UInt64?](repeating: nil, count: snapshot.tasks.count)
        for object in objects {
            guard let task = object.task else { continue }
            let node = Int(keeping.node[object.block])
            ofTask[task] = node < 0 ? 0 : keeping.bytes[node]
        }
        let siteOf = Self.sites(of: objects, in: snapshot)
        ofTaskSite = keeping.sums(groups: snapshot.taskSites.count) { block in siteOf[block].map { [$0] } ?? [] }
        let chains = Self.chains(snapshot.scopes)
        ofScope = keeping.sums(groups: snapshot.scopes.count) { block in
            snapshot.contexts[snapshot.graph.blocks[block].context].scope.map { chains[$0] } ?? []
        }
    }

    /// The task site of each task object. A task that is not listed is told by the stack that allocated it.
    private static func sites(of objects: [TaskBlock], in snapshot: HeapSnapshot) -> [Int: Int] {
        let siteOfNode = Dictionary(
            snapshot.taskSites.enumerated().lazy.filter { $1.kind != .asyncLet && $1.node > 0 }.map { ($1.node, $0) },
            uniquingKeysWith: { first, _ in first })
        var sites: [Int: Int] = [:]
        for object in objects {
            let node = snapshot.sites[snapshot.graph.blocks[object.block].site].node
            sites[object.block] = object.task.flatMap { snapshot.tasks[$0].site } ?? siteOfNode[node]
        }
        return sites
    }

    /// Of each scope it and those around it.
    private static func chains(_ scopes: [ScopePath]) -> [[Int]] {
        var chains: [[Int]] = []
        for (index, scope) in scopes.enumerated() { chains.append((scope.parent.map { chains[$0] } ?? []) + [index]) }
        return chains
    }
}

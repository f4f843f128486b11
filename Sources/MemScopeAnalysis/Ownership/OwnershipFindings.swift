package import MemScopeModel

/// Who owns what in a whole graph: the blocks that several own, and the chains of single owners.
package struct OwnershipFindings: Sendable {
    /// What the findings are about.
    package let selection: OwnershipSelection
    /// Number of selected blocks that two or more own.
    package private(set) var objects = 0
    /// Bytes of those.
    package private(set) var sharedBytes: UInt64 = 0
    /// Whether each of those is certainly owned by all that seem to own it.
    package private(set) var areCertain = true
    /// Those that keep most, at most as many as were asked for.
    package private(set) var shared: [SharedObject] = []
    /// The chains of single owners, those of most bytes first.
    package let chains: [OwnerChain]
    /// The counts of each of ``shared``, `nil` for blocks that have none.
    package private(set) var counts: [ObjectCounts?] = []

    /// Computes everything. About linear in the graph.
    /// - Parameters:
    ///   - snapshot: The snapshot; its graph must be whole.
    ///   - selection: Which blocks are looked at.
    ///   - limit: How many shared blocks are told one by one.
    package init(_ snapshot: HeapSnapshot, selection: OwnershipSelection = .largest, limit: Int = 100) {
        self.selection = selection
        let graph = snapshot.graph
        let isWanted = selection.test(in: snapshot)
        let owners = Owners(graph)
        chains = OwnerChains(snapshot, owners, isWanted: isWanted).chains
        var found: [Int] = []
        for (index, block) in graph.blocks.enumerated() {
            guard isWanted?(block) ?? true, owners.count(of: index) > 1 else { continue }
            found.append(index)
            sharedBytes += block.size
            areCertain = areCertain && Self.isCertain(index, owners, graph)
        }
        objects = found.count
        guard !found.isEmpty else { return }
        let subgraph = BlockSubgraph(allOf: graph)
        let components = StrongComponents(subgraph)
        let retained = RetainedSizes(graph, subgraph, components)
        func kept(_ block: Int) -> UInt64 { retained.bytes[Int(components.component[block])] }
        found.sort { (kept($1), $0) < (kept($0), $1) }
        for block in found.prefix(limit) {
            shared.append(
                SharedObject(
                    block: block, referrers: Self.referrers(of: block, owners, graph), retainedBytes: kept(block),
                    isCertain: Self.isCertain(block, owners, graph)))
            counts.append(owners.counts[block] < 0 ? nil : graph.counts[Int(owners.counts[block])])
        }
    }

    private static func isCertain(_ block: Int, _ owners: Owners, _ graph: ObjectGraph) -> Bool {
        owners.references(to: block).allSatisfy { graph.blocks[Int($0.holder)].type != nil }
            && owners.roots(of: block).allSatisfy { TrackKind(graph.roots[Int($0)].kind) != .stackOwner }
    }

    private static func referrers(of block: Int, _ owners: Owners, _ graph: ObjectGraph) -> [SharedObject.Referrer] {
        var rows: [SharedObject.Referrer] = []
        var known: [SharedObject.Referrer.Place: Int] = [:]
        func count(_ place: SharedObject.Referrer.Place, _ holder: Int?) {
            let index = known[place] ?? rows.count
            if index == rows.count {
                known[place] = index
                rows.append(SharedObject.Referrer(place: place, holder: holder))
            }
            rows[index].count += 1
        }
        for reference in owners.references(to: block) {
            let holder = Int(reference.holder)
            let type = graph.blocks[holder].type
            count(.block(type: type, field: graph.plainFieldName(of: type, at: Int(reference.offset))), holder)
        }
        for root in owners.roots(of: block) { count(.root(Int(root)), nil) }
        return rows.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
    }
}

internal import MemScopeModel

/// What else to cut where the suggested reference is not enough, because the same objects hold each other in more than one way.
///
/// As a change of the source cuts all references of a kind, those of the kind that was suggested are taken away: from the same property of objects
/// of a type, or from the same capture of the closures that one place makes. If objects still lead back to themselves, the shortest
/// cycle that is left is the next one, with a suggestion of its own, and so on, until nothing is left, no rule suggests anything, or there
/// are as many as anybody reads.
enum FurtherCycles {
    private static let most = 4

    /// References that one change cuts.
    private struct Kind: Hashable {
        let type: Int?
        /// The stack that made the closure; 0 for what is none.
        let node: Int
        let offset: Int

        init(_ member: LeakedCycle.Member, _ snapshot: HeapSnapshot) {
            let isClosure = member.type.map { snapshot.types[$0].kind == .closureContext } ?? false
            (type, node, offset) = (member.type, isClosure ? member.node : 0, member.offset)
        }
    }

    /// Searches a component, once for each cycle. About linear in its blocks and references.
    static func find(
        after ring: LeakedCycle.Ring, among nodes: ArraySlice<Int32>, of leaked: BlockSubgraph,
        _ snapshot: HeapSnapshot, _ places: LeakPlaces
    ) -> [LeakedCycle.Ring] {
        var cut: Set<Kind> = []
        var last = ring
        var further: [LeakedCycle.Ring] = []
        while let remedy = last.remedy, further.count < most {
            cut.insert(Kind(last.members[remedy.member], snapshot))
            let rest = BlockSubgraph(nodes, of: leaked) { node, reference in
                !cut.contains(Kind(leaked.member((node, reference), snapshot.graph, places), snapshot))
            }
            var search = CycleSearch(snapshot, places, rest, StrongComponents(rest))
            let steps = search.firstCycle()
            if steps.isEmpty { break }
            last = LeakedCycle.Ring(steps, rest, snapshot, places)
            further.append(last)
        }
        return further
    }
}

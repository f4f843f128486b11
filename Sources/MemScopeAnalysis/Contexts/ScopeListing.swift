/// Which scopes a report lists when there are very many: those that lead by bytes allocated or live, with the scopes around
/// them. The rest is summed.
package struct ScopeListing: Sendable, Equatable {
    /// The indices of the scopes that are listed, in their order.
    package private(set) var kept: [Int] = []
    /// For each scope its place in ``kept``, -1 for the rest.
    package private(set) var position: [Int]
    /// How many are not listed.
    package private(set) var restCount = 0
    /// What those allocated themselves.
    package private(set) var rest = AllocationTotals()

    /// Chooses the scopes.
    /// - Parameters:
    ///   - totals: What they allocated.
    ///   - parents: For each scope the one around it, which precedes it.
    ///   - limit: How many to list at most.
    package init(_ totals: ScopeTotals, parents: [Int?], limit: Int) {
        position = [Int](repeating: -1, count: parents.count)
        var isKept = [Bool](repeating: parents.count <= limit, count: parents.count)
        if parents.count > limit {
            var ranking = Ranking(limit: limit / 2)
            var live = Ranking(limit: limit / 2)
            for (index, figures) in totals.inclusive.enumerated() {
                ranking.offer(figures.allocatedBytes, of: index)
                live.offer(figures.liveBytes, of: index)
            }
            // A scope allocated at least what those inside of it did, so the ones around it are listed as well.
            for index in ranking.indices() + live.indices() {
                var next: Int? = index
                while let scope = next, !isKept[scope] {
                    isKept[scope] = true
                    next = parents[scope]
                }
            }
        }
        for index in parents.indices {
            if isKept[index] {
                position[index] = kept.count
                kept.append(index)
            } else {
                restCount += 1
                rest += totals.own[index]
            }
        }
    }
}

package import MemScopeModel

/// Everything allocated with one stack, whatever the sizes.
package struct StackTotals: Sendable, Equatable {
    /// Index into ``HeapSnapshot/nodes`` of the innermost frame.
    package var node: Int
    /// The totals of the stack's sites.
    package var totals: AllocationTotals

    /// The stacks that lead by some figure, largest first.
    ///
    /// Peak holders are the stacks that lead by ``AllocationMetric/peakBytes``, temporaries those that lead by
    /// ``AllocationMetric/temporaries``. Time is linear in sites and nodes.
    /// - Parameters:
    ///   - metric: The figure to go by.
    ///   - limit: How many to return at most.
    ///   - snapshot: Where the stacks are.
    /// - Returns: The stacks whose figure is not zero.
    package static func leading(by metric: AllocationMetric, limit: Int, in snapshot: HeapSnapshot) -> [StackTotals] {
        var totals = [AllocationTotals](repeating: AllocationTotals(), count: snapshot.nodes.count)
        for site in snapshot.sites { totals[site.node] += AllocationTotals(site) }
        var ranking = Ranking(limit: limit)
        for (node, totals) in totals.enumerated() { ranking.offer(metric.value(of: totals), of: node) }
        return ranking.indices().map { StackTotals(node: $0, totals: totals[$0]) }
    }
}

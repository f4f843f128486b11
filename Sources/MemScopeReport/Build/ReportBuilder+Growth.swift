internal import MemScopeAnalysis
internal import MemScopeModel

/// The section about what grows.
extension ReportBuilder {
    /// The rows, those to worry about first, with nodes of the display tree.
    func growth(
        _ tree: DisplayTree, _ collector: CallSiteCollector, _ findings: LeakFindings?
    ) -> [Report.GrowthRow] {
        let samples = GrowthSamples(snapshot.history)
        guard samples.intervals >= 2 else { return [] }
        let lines = collector.sites(of: snapshot, tree)
        let places = rows(samples, lines, count: collector.count, findings, leakedIn: { lines[$0.site] }) { line in
            Report.GrowthRow.Subject(
                kind: "callSite", name: "", frame: collector.frame(of: line), node: collector.node(of: line))
        }
        let (types, numbers) = usualTypes()
        let kinds = rows(
            samples, types, count: snapshot.types.count, findings,
            leakedIn: { $0.type.map { numbers[$0] } ?? types[$0.site] }
        ) { type in
            Report.GrowthRow.Subject(
                kind: "type", name: snapshot.types[type].name, frame: Report.Frame(function: ""), node: -1)
        }
        return places + kinds
    }

    private func rows(
        _ samples: GrowthSamples, _ groups: [Int32], count: Int, _ findings: LeakFindings?,
        leakedIn group: (GraphBlock) -> Int32, _ subject: (Int) -> Report.GrowthRow.Subject
    ) -> [Report.GrowthRow] {
        var leaked = [UInt64](repeating: 0, count: count)
        for (block, category) in zip(snapshot.graph.blocks, findings?.categories ?? [])
        where category != nil && category != .dead && group(block) >= 0 {
            leaked[Int(group(block))] += 1
        }
        let rising = GrowthSeries.rising(
            in: snapshot.history, at: samples, by: groups, count: count, limit: options.maximumGrowth)
        let judged = rising.compactMap { group, series in
            GrowthFinding(series, at: samples, leakedBlocks: findings.map { _ in leaked[group] }).map {
                (finding: $0, row: Report.GrowthRow(subject(group), $0, series, samples))
            }
        }
        let order = GrowthVerdict.allCases
        return judged.sorted {
            let left = order.firstIndex(of: $0.finding.verdict) ?? 0
            let right = order.firstIndex(of: $1.finding.verdict) ?? 0
            if left != right { return left < right }
            return $0.finding.bytesPerSecond > $1.finding.bytesPerSecond
        }.map(\.row)
    }

    /// For each site the type of most of its live blocks, else what is usually freed there, -1 if neither is known; and for each
    /// type the first of those that are the same.
    func usualTypes() -> (ofSites: [Int32], first: [Int32]) {
        var known: [HeapType: Int32] = [:]
        let first = snapshot.types.enumerated().map { index, type in
            let number = known[type] ?? Int32(index)
            known[type] = number
            return number
        }
        var types = snapshot.sites.map { $0.type.map { first[$0] } ?? -1 }
        var most = [UInt64](repeating: 0, count: types.count)
        for group in snapshot.liveGroups {
            guard let type = group.type, group.blocks > most[group.site] else { continue }
            most[group.site] = group.blocks
            types[group.site] = first[type]
        }
        return (types, first)
    }

    /// Why there is no growth to see, or little; `nil` if there is enough to judge by.
    var littleGrowth: String? {
        let samples = GrowthSamples(snapshot.history)
        if snapshot.history.notes.isEmpty { return "No history was kept: there was no memory for it." }
        if samples.intervals >= GrowthSamples.fewestIntervals { return nil }
        let count = samples.notes.count
        return "Growth shows from instant to instant, and there \(count == 1 ? "was" : "were") \(count). "
            + "Track for longer than \(GrowthSamples.fewestIntervals) seconds, or call MemoryTracker.mark at instants that compare: "
            + "\(GrowthSamples.fewestIntervals + 1) or more."
    }
}

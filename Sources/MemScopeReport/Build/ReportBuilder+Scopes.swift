internal import MemScopeAnalysis
internal import MemScopeModel

/// The sections about threads, queues and scopes.
extension ReportBuilder {
    func threads() -> [Report.ThreadRow] {
        var rows = zip(snapshot.threads, ThreadTotals(snapshot).threads).map { thread, totals in
            Report.ThreadRow(
                name: thread.name, tid: thread.tid, hasExited: thread.hasExited, temporaries: totals.temporaries,
                peakBytes: thread.peakBytes, figures: Report.Figures(totals), accuracy: accuracy)
        }
        for handover in snapshot.handovers {
            rows[handover.allocatedBy].freedByOthers += handover.frees
            rows[handover.freedBy].freedForOthers += handover.frees
        }
        return rows
    }

    func handovers() -> [Report.Handover] {
        snapshot.handovers.sorted { ($1.bytes, $0.allocatedBy) < ($0.bytes, $1.allocatedBy) }.map {
            Report.Handover(
                allocatedBy: $0.allocatedBy, freedBy: $0.freedBy, frees: $0.frees, bytes: $0.bytes, accuracy: accuracy)
        }
    }

    func queues() -> [Report.QueueRow] {
        QueueTotals.all(of: snapshot).map { queue in
            Report.QueueRow(
                label: queue.label, temporaries: queue.totals.temporaries, allocations: queue.totals.allocations,
                frees: queue.totals.frees, allocatedBytes: queue.totals.allocatedBytes,
                liveBlocks: queue.totals.liveBlocks, liveBytes: queue.totals.liveBytes, accuracy: accuracy)
        }
    }

    // `leaked` has the leaked bytes of each context, and is nil if leaks were not looked for; `sole` is without the whole graph.
    func scopes(leaked: [UInt64]?, _ sole: SoleBytes?) -> [Report.ScopeRow] {
        let totals = ScopeTotals(snapshot)
        let leakedBytes = leaked.map { scopeSums(of: $0) }
        let listed = ScopeListing(totals, parents: snapshot.scopes.map(\.parent), limit: options.maximumScopes)
        var runs: [Int: ScopeRuns] = [:]
        for entry in snapshot.scopeRuns { runs[entry.scope] = entry }
        var rows = listed.kept.map { index in
            let scope = snapshot.scopes[index]
            return row(
                scope.name, parent: scope.parent.map { listed.position[$0] } ?? -1, entries: scope.entries,
                own: totals.own[index], inclusive: totals.inclusive[index], runs: runs[index],
                leaked: leakedBytes?[index], sole: sole?.ofScope[index])
        }
        if listed.restCount > 0 {
            rows.append(
                row(
                    "(\(listed.restCount) other scopes)", parent: -1, entries: 0, own: listed.rest,
                    inclusive: listed.rest, runs: nil, leaked: nil, sole: nil))
        }
        return rows
    }

    /// Sums figures of contexts by scope, inner scopes included.
    private func scopeSums(of contexts: [UInt64]) -> [UInt64] {
        var sums = [UInt64](repeating: 0, count: snapshot.scopes.count)
        for (context, bytes) in zip(snapshot.contexts, contexts) {
            if let scope = context.scope { sums[scope] += bytes }
        }
        // A parent comes before its children.
        for (index, scope) in snapshot.scopes.enumerated().reversed() {
            if let parent = scope.parent { sums[parent] += sums[index] }
        }
        return sums
    }

    private func row(
        _ name: String, parent: Int, entries: UInt64, own: AllocationTotals, inclusive: AllocationTotals,
        runs: ScopeRuns?, leaked: UInt64?, sole: UInt64?
    ) -> Report.ScopeRow {
        Report.ScopeRow(
            name: name, parent: parent, entries: entries, temporaries: inclusive.temporaries,
            selfAllocations: own.allocations, selfFrees: own.frees, selfTemporaries: own.temporaries,
            selfAllocatedBytes: own.allocatedBytes, selfLiveBlocks: own.liveBlocks, selfLiveBytes: own.liveBytes,
            runs: Report.ScopeRuns(runs), leakedBytes: leaked, soleBytes: sole,
            figures: Report.Figures(inclusive), accuracy: accuracy)
    }
}

extension Report.ScopeRuns {
    fileprivate init(_ runs: ScopeRuns?) {
        self.init()
        guard let runs else { return }
        func distribution(_ figure: ScopeRuns.Distribution) -> Distribution {
            Distribution(
                mean: figure.sum / runs.ended, median: figure.median, percentile95: figure.percentile95,
                largest: figure.largest)
        }
        ended = runs.ended
        allocations = distribution(runs.allocations)
        allocatedBytes = distribution(runs.allocatedBytes)
        retainedBytes = distribution(runs.retainedBytes)
    }
}

internal import MemScopeAnalysis
internal import MemScopeModel

/// What happened at instants of the timeline.
extension ReportBuilder {
    func addEvents(to timeline: inout Report.Timeline) {
        let listing = ScopeListing(
            ScopeTotals(snapshot), parents: snapshot.scopes.map(\.parent), limit: options.maximumScopes)
        timeline.scopeRunsRecorded = snapshot.counters.scopeRuns
        timeline.scopeRuns = snapshot.scopeEvents.sorted {
            ($0.begin, $1.end, $0.scope) < ($1.begin, $0.end, $1.scope)
        }.map { event in
            let place = listing.position[event.scope]
            return Report.Timeline.ScopeRun(
                scope: place >= 0 ? place : listing.kept.count, begin: event.begin, end: event.end,
                hasEnded: event.figures != nil, allocations: event.figures?.allocations,
                allocatedBytes: event.figures?.allocatedBytes, retainedBytes: event.figures?.retainedBytes)
        }
        timeline.snapshotsRecorded = snapshot.counters.captures
        timeline.snapshots = snapshot.captureEvents.map {
            Report.Timeline.Snapshot(
                time: $0.time, reason: $0.reason, hasLeakSearch: $0.hasLeakScan, liveBytes: $0.liveBytes,
                liveBlocks: $0.liveBlocks)
        }
    }
}

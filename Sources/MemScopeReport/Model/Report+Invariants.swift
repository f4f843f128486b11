extension Report {
    /// What in a report that came from outside contradicts the form, in words; `nil` if nothing does.
    ///
    /// The formats rely on these numbers. Reports that this library built always pass. Time is linear.
    package var contradiction: String? {
        guard schemaVersion == Report.currentSchemaVersion else { return "its version is \(schemaVersion)" }
        guard callTree.nodes.count < Int(Int32.max) else { return "its call tree is too large" }
        for (index, node) in callTree.nodes.enumerated() where node.parent < -1 || node.parent >= index {
            return "call tree node \(index) has \(node.parent) as its parent"
        }
        for node in callSiteNodes where node < -1 || node >= callTree.nodes.count {
            return "a row points at call tree node \(node) of \(callTree.nodes.count)"
        }
        for change in timeline.intervals.lazy.flatMap(\.changes)
        where change.node < -1 || change.node >= callTree.nodes.count {
            return "an interval points at call tree node \(change.node) of \(callTree.nodes.count)"
        }
        for interval in timeline.intervals {
            for (list, rows) in [
                (interval.threads, threads.count), (interval.scopes, scopes.count), (interval.queues, queues.count),
                (interval.taskSites, taskSites.count), (interval.types, types.count),
            ] where list.contains(where: { $0.node < -1 || $0.node >= rows }) {
                return "an interval points at a row of \(rows)"
            }
        }
        for run in timeline.scopeRuns where !scopes.indices.contains(run.scope) || run.begin > run.end {
            return "a run is of scope \(run.scope) of \(scopes.count), or ends before it begins"
        }
        for (index, scope) in scopes.enumerated() where scope.parent < -1 || scope.parent >= index {
            return "scope \(index) has \(scope.parent) as its parent"
        }
        for task in tasks where task.site >= taskSites.count || task.scope >= scopes.count {
            return "task \(task.id) refers to site \(task.site) or scope \(task.scope), which are not there"
        }
        for pair in handovers
        where !threads.indices.contains(pair.allocatedBy) || !threads.indices.contains(pair.freedBy) {
            return "a handover is between threads that are not there"
        }
        for rows in cycles.map(\.retained) + leaks.groups.map(\.retained) {
            for (index, row) in rows.enumerated() where row.parent < -1 || row.parent >= index {
                return "row \(index) of what a leak keeps has \(row.parent) as its parent"
            }
        }
        return nil
    }
}

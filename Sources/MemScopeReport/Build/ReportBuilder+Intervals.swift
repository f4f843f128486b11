internal import MemScopeAnalysis
internal import MemScopeModel

/// What changed in each interval of the timeline by the rows of other sections.
extension ReportBuilder {
    /// Fills the lists by thread, scope, task site, queue and type. The sections that they refer to must be there.
    func addOwners(to report: inout Report) {
        guard !report.timeline.intervals.isEmpty else { return }
        if snapshot.history.ownerChanges.isEmpty {
            report.notCollected["timeline.intervals.owners"] =
                "What threads, scopes and tasks did from instant to instant was not kept."
        } else {
            addContexts(to: &report)
        }
        addTypes(to: &report)
    }

    private func addContexts(to report: inout Report) {
        let listing = ScopeListing(
            ScopeTotals(snapshot), parents: snapshot.scopes.map(\.parent), limit: options.maximumScopes)
        let queues = Dictionary(report.queues.enumerated().map { ($1.label, $0) }) { first, _ in first }
        func scope(_ index: Int?) -> Int {
            guard let index else { return -1 }
            return listing.position[index] >= 0 ? listing.position[index] : listing.kept.count
        }
        let contexts = snapshot.contexts
        add("threads", \.threads, to: &report) { contexts[$0].thread }
        add("scopes", \.scopes, to: &report) { scope(contexts[$0].scope) }
        add("taskSites", \.taskSites, to: &report) { contexts[$0].taskSite ?? -1 }
        add("queues", \.queues, to: &report) { queues[contexts[$0].queue] ?? -1 }
    }

    private func add(
        _ section: String, _ list: WritableKeyPath<Report.Timeline.Interval, [Report.Timeline.Interval.Change]>,
        to report: inout Report, row: (Int) -> Int
    ) {
        var rows = IntervalRows()
        for note in snapshot.history.notes.indices {
            rows.beginInterval()
            for change in snapshot.history.ownerChanges(of: note) {
                rows.add(
                    change.context.map(row) ?? -1, change.allocations, change.allocatedBytes, change.frees,
                    change.freedBytes)
            }
        }
        store(&rows, section, list, in: &report)
    }

    private func addTypes(to report: inout Report) {
        let sites = SiteTypes(snapshot, usual: usualTypes())
        let numbers = Dictionary(report.types.enumerated().map { ("\($1.kind) \($1.name)", $0) }) { first, _ in first }
        let places = snapshot.types.map { numbers["\(TypeFamily($0).rawValue) \($0.name)"] ?? -1 }
        let untyped = numbers["\(TypeFamily(nil).rawValue) untyped"] ?? -1
        func place(_ site: Int) -> Int { sites.types[site] < 0 ? untyped : places[Int(sites.types[site])] }
        var rows = IntervalRows()
        for note in snapshot.history.notes.indices {
            rows.beginInterval()
            for change in snapshot.history.changes(of: note) {
                rows.add(
                    place(change.site), change.allocations, change.allocatedBytes, change.frees, change.freedBytes)
            }
        }
        store(&rows, "types", \.types, in: &report)
        var uncertain: Set<Int> = []
        var allocations: (all: UInt64, sure: UInt64) = (0, 0)
        for (index, site) in snapshot.sites.enumerated() {
            allocations.all += site.allocations
            if sites.isSure[index] { allocations.sure += site.allocations } else { uncertain.insert(place(index)) }
        }
        // Blocks of the other types of such a stack are missing from theirs.
        for freed in snapshot.freedTypes where !sites.isSure[freed.site] { uncertain.insert(places[freed.type]) }
        for group in snapshot.liveGroups where !sites.isSure[group.site] {
            uncertain.insert(group.type.map { places[$0] } ?? untyped)
        }
        for (index, site) in snapshot.sites.enumerated() where !sites.isSure[index] {
            uncertain.insert(site.type.map { places[$0] } ?? untyped)
        }
        uncertain.remove(-1)
        report.timeline.uncertainTypes = uncertain.sorted()
        guard allocations.sure < allocations.all else { return }
        report.timeline.typesAccuracy = .inferred
        report.timeline.typesConfidence = Double(allocations.sure) / Double(allocations.all)
    }

    private func store(
        _ rows: inout IntervalRows, _ section: String,
        _ list: WritableKeyPath<Report.Timeline.Interval, [Report.Timeline.Interval.Change]>, in report: inout Report
    ) {
        for (index, changes) in rows.intervals(limit: options.maximumOwnerChanges).enumerated() {
            report.timeline.intervals[index][keyPath: list] = changes
        }
        if rows.merged > 0 {
            report.notCollected["timeline.intervals.\(section)"] =
                "By stretch of time \(rows.merged) rows of \(section) that allocated least are not told apart."
        }
    }
}

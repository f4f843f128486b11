internal import MemScopeAnalysis
package import MemScopeModel

/// Makes a report of a snapshot and its names.
///
/// Time is linear in the snapshot. Nothing is read but the arguments, so reports may be built on any thread.
package struct ReportBuilder {
    let snapshot: HeapSnapshot
    let names: SnapshotNames
    let options: ReportOptions
    /// Leaked blocks that suppressions left out, and their bytes.
    let suppressed: (blocks: UInt64, bytes: UInt64)

    /// How far counts can be trusted: what was dropped is missing from all of them.
    var accuracy: Report.Accuracy { snapshot.counters.droppedEvents == 0 ? .exact : .estimated }

    /// How far what is said of leaks can be trusted: not all of it where the search had to leave something out.
    var leakAccuracy: Report.Accuracy { snapshot.leakScan.doubts == 0 ? accuracy : .estimated }

    /// Builds a report.
    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - names: The names of the snapshot's addresses.
    ///   - options: How large the report may become.
    /// - Returns: The report.
    package static func build(
        _ snapshot: HeapSnapshot, names: SnapshotNames, options: ReportOptions = ReportOptions()
    ) -> Report {
        var known = KnownLeaks()
        return build(snapshot, names: names, options: options, knownLeaks: &known)
    }

    /// Builds a report that says which leaks are new.
    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - names: The names of the snapshot's addresses.
    ///   - options: How large the report may become.
    ///   - knownLeaks: What the searches before in the same process found; with this one afterwards.
    /// - Returns: The report.
    package static func build(
        _ snapshot: HeapSnapshot, names: SnapshotNames, options: ReportOptions, knownLeaks: inout KnownLeaks
    ) -> Report {
        var snapshot = snapshot
        snapshot.makeTypesReadable()
        let suppressed = LeakSuppressions.apply(options, to: &snapshot, names)
        let builder = ReportBuilder(snapshot: snapshot, names: names, options: options, suppressed: suppressed)
        var report = Report()
        let isDone = snapshot.leakScan.outcome == .done
        let change = isDone ? knownLeaks.compare(with: snapshot) : nil
        let tree = DisplayTree(snapshot, names)
        let places = isDone ? builder.leakPlaces(tree) : nil
        let findings = isDone ? LeakFindings(snapshot, places: places, isKnown: change?.isKnown) : nil
        if let findings {
            var trees = RetainedTrees(findings, in: snapshot, rows: options.maximumRetainedRows)
            report.cycles = builder.cycles(findings, &trees, knowsNew: change != nil)
            report.leaks = builder.leaks(findings, &trees, knowsNew: change != nil)
            report.leaks.newBlocks = change?.new
            report.leaks.knownBlocks = change?.known
            report.leaks.goneBlocks = change?.gone
        }
        report.ownership = builder.ownership()
        report.tracked = builder.tracked()
        report.leaks.checks = builder.leakChecks()
        report.retainLedger = builder.retainLedger()
        report.process = builder.process()
        report.capture = builder.capture()
        report.summary = builder.summary()
        report.timeline = builder.timeline()
        report.boundaries = builder.boundaries()
        report.inferences = builder.inferences()
        builder.addStacks(to: &report, tree, findings)
        report.types = builder.types()
        builder.addRetainerPaths(to: &report.types)
        report.sizes = builder.sizes()
        report.threads = builder.threads()
        let sole = SoleBytes(builder.snapshot)
        report.scopes = builder.scopes(leaked: findings?.bytesOfContext, sole)
        report.handovers = builder.handovers()
        report.queues = builder.queues()
        report.taskSites = builder.taskSites(leaked: findings?.bytesOfContext, sole)
        report.tasks = builder.tasks(in: report.taskSites, leaked: findings?.bytesOfTask, sole)
        report.summary.headline = builder.headline()
        report.memory = builder.memory(of: report)
        report.summary.temporaries = report.temporaries.blocks
        report.notCollected = builder.notCollected(in: report)
        report.notCollected["leaks.groups"] = findings.flatMap { builder.unlistedRows(of: $0) }
        builder.addOwners(to: &report)
        report.capture.notes = builder.notes(on: report)
        return report
    }
}

internal import MemScopeModel

/// What the report says about its own gaps.
extension ReportBuilder {
    /// The sections that are empty or partial, with the reason.
    func notCollected(in report: Report) -> [String: String] {
        var reasons = ["safety": "This version of MemScope does not collect it."]
        if report.ownership == nil {
            reasons["ownership"] =
                "The references between live blocks were not captured: ask for them with memscope run --ownership-graph or "
                + "MEMSCOPE_LEAKS=graph."
        }
        if report.ownership != nil { reasons["ownership"] = unknownSelection }
        reasons["boundaries"] = noBoundaries
        reasons["inferences"] = notInferred
        if report.retainLedger.state != "on" { reasons["retainLedger"] = report.retainLedger.sentence }
        if let reason = noLeaks {
            for section in [
                "leaks", "cycles", "scopes.leakedBytes", "taskSites.leakedBytes", "tasks.leakedBytes",
            ] {
                reasons[section] = reason
            }
        }
        if !report.cycles.isEmpty, report.cycles.count >= options.maximumCycles {
            reasons["cycles"] =
                "At most \(options.maximumCycles) shapes of retain cycles are listed, those that keep most."
        }
        if snapshot.graph.roots.isEmpty {
            for section in ["scopes.soleBytes", "taskSites.soleBytes", "tasks.soleBytes", "types.retainerPath"] {
                reasons[section] =
                    "It takes the whole graph of live blocks: ask for it with MEMSCOPE_LEAKS=graph or exportReport(leaks: .graph)."
            }
        }
        if snapshot.timeline.isEmpty { reasons["timeline"] = "No sample was taken before the snapshot." }
        if let reason = littleGrowth { reasons["growth"] = reason }
        if snapshot.history.notes.isEmpty { reasons["timeline.intervals"] = littleGrowth }
        if report.memory.residentBytes == 0 {
            reasons["memory"] = "The resident set size of the process was not sampled."
        }
        if snapshot.types.isEmpty, snapshot.process.swiftRuntime.isEmpty {
            reasons["types"] = "The program has no Swift runtime, so its blocks carry no types."
        }
        if snapshot.taskSites.isEmpty { reasons["tasks"] = "No task of Swift Concurrency was seen to allocate." }
        if snapshot.scopes.isEmpty { reasons["scopes"] = "The program entered no scope." }
        // What the recording says of itself is better than what can be guessed from its gaps.
        return reasons.merging(snapshot.process.unavailable) { $1 }
    }

    /// Why leaks were not looked for, `nil` if they were.
    private var noLeaks: String? {
        switch snapshot.leakScan.outcome {
        case .done: nil
        case .notAsked:
            snapshot.leakScan.complaint.isEmpty
                ? "Leaks were not looked for: ask for it with MEMSCOPE_LEAKS=1, memscope run --leaks or findLeaks()."
                : snapshot.leakScan.complaint
        case .failed: "Leaks could not be looked for. \(snapshot.leakScan.complaint)"
        }
    }

    /// What the note about the search for leaks begins with.
    static var scanNote: String { "The leak scan: " }
    /// What notes about roots that were not those of others begin with.
    static var rootsNote: String { "Leaks were looked for " }

    /// Sentences for people on what is missing or doubtful.
    func notes(on report: Report) -> [String] {
        let counters = snapshot.counters
        var notes: [String] = []
        if counters.droppedEvents > 0 {
            notes.append("\(counters.droppedEvents) allocations and frees were dropped: figures are lower bounds.")
        }
        if counters.truncatedStacks > 0 {
            notes.append("\(counters.truncatedStacks) stacks were cut: their outer frames are missing.")
        }
        if counters.signalPassThrough > 0 {
            notes.append(
                "\(counters.signalPassThrough) allocations in signal handlers were let through unrecorded.")
        }
        if counters.unknownFrees > 0 {
            notes.append("\(counters.unknownFrees) frees were of blocks from before tracking began.")
        }
        if counters.untrackedThreads > 0 {
            notes.append("\(counters.untrackedThreads) threads were not tracked: there were too many at once.")
        }
        if counters.tasksKnown > UInt64(report.tasks.count) {
            notes.append(
                "\(counters.tasksKnown) tasks were there; the \(report.tasks.count) that held most are listed, all are counted "
                    + "by the place that created them.")
        }
        if counters.attributionsLost > 0 {
            notes.append(
                "\(counters.attributionsLost) figures by task, scope or thread found no room of their own and were added to "
                    + "others.")
        }
        if counters.namesLost > 0 {
            notes.append(
                "\(counters.namesLost) blocks were named by tracked(_:name:) and found no room: their names are missing."
            )
        }
        if counters.freedTypesLost > 0 {
            notes.append(
                "\(counters.freedTypesLost) freed blocks found no room for their type: they count as of the usual type of "
                    + "their stack.")
        }
        if snapshot.leakScan.unlistedRoots > 0 {
            notes.append(
                "\(snapshot.leakScan.unlistedRoots) references from outside of the heap found no room in the graph: shared "
                    + "objects may have more of them.")
        }
        notes += boundaryNotes()
        if snapshot.leakScan.outcome == .done, !snapshot.leakScan.complaint.isEmpty {
            notes.append(Self.scanNote + snapshot.leakScan.complaint)
        }
        notes += notesOnLeaks
        if report.peak.upperBound > report.peak.bytes {
            notes.append(
                "The peak lies between \(report.peak.bytes) and \(report.peak.upperBound) bytes: "
                    + "several threads allocated at once.")
        }
        if !counters.isFrozenCopy, !snapshot.liveGroups.isEmpty {
            notes.append("Live blocks were read while the program ran: figures by type may be off by what it did then.")
        }
        for module in report.process.modules where !module.note.isEmpty {
            notes.append(module.note.contains(module.path) ? module.note : "\(module.path): \(module.note)")
        }
        return notes
    }
}

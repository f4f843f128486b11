internal import MemScopeModel

/// The sections about the process and the recording.
extension ReportBuilder {
    func process() -> Report.ProcessSection {
        let source = snapshot.process
        var process = Report.ProcessSection()
        process.executable = source.executable
        process.arguments = source.arguments
        process.pid = source.pid
        process.architecture = source.architecture
        process.startTime = Timestamp.text(nanoseconds: source.startTime)
        process.captureTime = Timestamp.text(nanoseconds: source.captureTime)
        process.durationNanoseconds =
            source.captureTime > source.startTime && source.startTime > 0 ? source.captureTime - source.startTime : 0
        process.reason = source.reason
        process.swiftRuntime = source.swiftRuntime
        process.modules = snapshot.modules.enumerated().map { index, module in
            Report.ProcessSection.Module(
                path: module.path, buildID: module.buildID, isUnloaded: module.isUnloaded,
                note: index < names.moduleNotes.count ? names.moduleNotes[index] : "")
        }
        return process
    }

    func capture() -> Report.CaptureSection {
        let counters = snapshot.counters
        var capture = Report.CaptureSection()
        capture.attachment = snapshot.process.attachment
        capture.events = counters.events
        capture.droppedEvents = counters.droppedEvents
        capture.truncatedStacks = counters.truncatedStacks
        capture.signalPassThrough = counters.signalPassThrough
        capture.unknownFrees = counters.unknownFrees
        capture.waits = counters.waits
        capture.frozenCopy = counters.isFrozenCopy
        capture.trackerBytes = counters.trackerBytes
        capture.historyBytes = counters.historyBytes
        capture.trackerCPUNanoseconds = counters.trackerCPU
        capture.processCPUNanoseconds = counters.processCPU
        return capture
    }

    func summary() -> Report.Summary {
        let counters = snapshot.counters
        var summary = Report.Summary()
        summary.accuracy = accuracy
        summary.allocations = counters.allocations
        summary.frees = counters.frees
        summary.allocatedBytes = counters.allocatedBytes
        summary.liveBlocks = counters.liveBlocks
        summary.liveBytes = counters.liveBytes
        summary.peakBytes = counters.peakBytes
        return summary
    }

    func memory(of report: Report) -> Report.Memory {
        var memory = Report.Memory()
        memory.accuracy = accuracy
        memory.residentBytes = snapshot.timeline.last?.residentBytes ?? 0
        memory.peakResidentBytes = snapshot.timeline.map(\.residentBytes).max() ?? 0
        memory.liveBytes = report.summary.liveBytes
        memory.trackerBytes = report.capture.trackerBytes
        return memory
    }
}

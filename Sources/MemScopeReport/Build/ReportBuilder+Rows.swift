internal import MemScopeAnalysis
internal import MemScopeModel

/// The sections that are lists: types, sizes, samples.
extension ReportBuilder {
    func types() -> [Report.TypeRow] {
        let accuracy: Report.Accuracy =
            snapshot.counters.isFrozenCopy || snapshot.liveGroups.isEmpty ? self.accuracy : .estimated
        // Two modules may each have a type of the same name, and a generic class one description for each use.
        var rows: [Report.TypeRow] = []
        var known: [HeapType?: Int] = [:]
        for totals in TypeTotals.all(of: snapshot) {
            let type = totals.type.map { snapshot.types[$0] }
            let index = known[type] ?? rows.count
            if index == rows.count {
                known[type] = index
                rows.append(
                    Report.TypeRow(
                        name: type?.name ?? "untyped", kind: type?.kind.key ?? "untyped", figures: Report.Figures(),
                        accuracy: accuracy))
            }
            rows[index].figures.allocations += totals.allocations
            rows[index].figures.frees += totals.frees
            rows[index].figures.allocatedBytes += totals.allocatedBytes
            rows[index].figures.liveBlocks += totals.liveBlocks
            rows[index].figures.liveBytes += totals.liveBytes
        }
        rows.sort { ($1.figures.allocatedBytes, $0.name) < ($0.figures.allocatedBytes, $1.name) }
        return Array(rows.prefix(options.maximumTypes))
    }

    func sizes() -> [Report.SizeRow] {
        SizeTotals.histogram(of: snapshot).map {
            Report.SizeRow(
                from: $0.sizes.lowerBound, to: $0.sizes.upperBound, figures: Report.Figures($0.totals),
                accuracy: accuracy)
        }
    }

    func timeline() -> Report.Timeline {
        var timeline = Report.Timeline()
        timeline.accuracy = accuracy
        timeline.recorded = snapshot.timeline.count
        timeline.samples = TimelineThinning.thin(snapshot.timeline, to: options.maximumSamples).map {
            Report.Timeline.Sample(
                time: $0.time, liveBytes: $0.liveBytes, liveBlocks: $0.liveBlocks, allocations: $0.allocations,
                allocatedBytes: $0.allocatedBytes, residentBytes: $0.residentBytes)
        }
        timeline.marks = snapshot.marks.map {
            Report.Timeline.Mark(
                time: $0.time, name: $0.name, liveBytes: $0.liveBytes, liveBlocks: $0.liveBlocks)
        }
        return timeline
    }
}

extension HeapType.Kind {
    /// The family as the report spells it.
    fileprivate var key: String {
        switch self {
        case .classInstance: "class"
        case .closureContext: "closure"
        case .box: "box"
        case .errorBox: "error"
        case .task: "task"
        case .job: "job"
        case .taskSlab: "taskSlab"
        }
    }
}

internal import MemScopeAnalysis
internal import MemScopeModel

/// The sections that are lists: sizes, samples.
extension ReportBuilder {
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
        addEvents(to: &timeline)
        return timeline
    }
}

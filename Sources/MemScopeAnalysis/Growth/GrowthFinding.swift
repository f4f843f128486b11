/// A judgement of what a place or a type holds.
package struct GrowthFinding: Sendable, Equatable {
    /// Which figure it goes by.
    package enum Figure: String, Sendable {
        case blocks, bytes
    }

    /// What is heading where.
    package let verdict: GrowthVerdict
    /// Where the figure that decided is heading.
    package let trend: GrowthTrend
    /// That figure.
    package let figure: Figure
    /// Blocks that nothing refers to; `nil` if that was not looked for.
    package let leakedBlocks: UInt64?
    /// How many of its blocks from the first half of the samples must still be there: more were live than were freed since.
    package let survivors: UInt64
    /// Blocks live at the middle of the samples.
    package let middleBlocks: UInt64
    /// From the first sample to the last.
    package let blocksPerSecond: Double
    /// From the first sample to the last.
    package let bytesPerSecond: Double
    /// How sure the verdict is, from 0 to 1. Measured over generated histories (`GrowthCalibrationTests`) but for
    /// leaks, warming up and too few intervals, where it is chosen.
    package let confidence: Double

    /// Judges a series, `nil` if it did not grow.
    ///
    /// Of blocks and bytes the one that is heading for worse decides. Whatever that says, it is a leak if a search found at least half of what the
    /// series grew by in blocks, and at least two, to be referred to by nothing, and it grew in two intervals or more.
    /// - Parameters:
    ///   - series: What is held.
    ///   - samples: When to look.
    ///   - leakedBlocks: How many of the blocks live at the end nothing refers to; `nil` if that was not looked for.
    package init?(_ series: GrowthSeries, at samples: GrowthSamples, leakedBlocks: UInt64?) {
        let blocks = samples.notes.map { Double(series.blocks[$0]) }
        let bytes = samples.notes.map { Double(series.bytes[$0]) }
        let trends = [
            (figure: Figure.blocks, trend: GrowthTrend(blocks, at: samples.axis)),
            (figure: Figure.bytes, trend: GrowthTrend(bytes, at: samples.axis)),
        ]
        func gravity(_ trend: GrowthTrend) -> Int {
            trend.verdict.map { [.bounded, .warmingUp, .unbounded].firstIndex(of: $0) ?? 0 } ?? -1
        }
        let graver = gravity(trends[1].trend) > gravity(trends[0].trend) ? trends[1] : trends[0]
        guard let judged = graver.trend.verdict, let first = blocks.first, let last = blocks.last else { return nil }
        (trend, figure, self.leakedBlocks) = (graver.trend, graver.figure, leakedBlocks)
        let rises = zip(blocks, blocks.dropFirst()).count { $0 < $1 }
        let leaked = Double(leakedBlocks ?? 0)
        let isLeak = leaked >= 2 && rises >= 2 && leaked * 2 >= last - first && last > first
        verdict = isLeak ? .leak : judged
        let middle = samples.notes[samples.notes.count / 2]
        middleBlocks = series.blocks[middle]
        let freedSince = series.frees[(middle + 1)...].reduce(0, +)
        survivors = middleBlocks > freedSince ? middleBlocks - freedSince : 0
        let seconds = samples.seconds
        blocksPerSecond = seconds > 0 ? (last - first) / seconds : 0
        bytesPerSecond = seconds > 0 ? (bytes[bytes.count - 1] - bytes[0]) / seconds : 0
        confidence = Self.confidence(verdict, graver.trend, intervals: samples.intervals)
    }

    /// The share of verdicts that are right, by kind and number of intervals, as measured on generated histories of known truth.
    private static func confidence(_ verdict: GrowthVerdict, _ trend: GrowthTrend, intervals: Int) -> Double {
        let enough = min(Double(intervals) / 24, 1)
        return switch trend {
        case _ where verdict == .leak: 0.95
        case .none, .tooFewIntervals: 0.3
        case .rises: 0.7 + 0.24 * enough
        case .lowsRise: 0.6 + 0.1 * enough
        case .doubled(let times): times >= 5 ? 0.7 : 0.5
        case .staysBelow: 0.75 + 0.2 * enough
        case .alternates: 0.7 + 0.25 * enough
        case .doubledAndStopped: 0.7
        case .slows, .stopped, .alternatesHigher: 0.5
        }
    }
}

internal import MemScopeAnalysis
internal import MemScopeModel

extension Report.GrowthRow {
    /// What a row is about.
    struct Subject {
        var kind: String
        var name: String
        var frame: Report.Frame
        var node: Int
    }

    init(_ subject: Subject, _ finding: GrowthFinding, _ series: GrowthSeries, _ samples: GrowthSamples) {
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        self.init(
            kind: subject.kind, name: subject.name, frame: subject.frame, node: subject.node,
            verdict: finding.verdict.rawValue, confidence: rounded(finding.confidence),
            reason: GrowthText.reason(finding, samples, blocksAtEnd: series.blocks.last ?? 0),
            bytesPerSecond: rounded(finding.bytesPerSecond), blocksPerSecond: rounded(finding.blocksPerSecond),
            bytes: series.bytes, blocks: series.blocks)
    }
}

/// What a judgement of growth rests on, in words.
enum GrowthText {
    static func reason(_ finding: GrowthFinding, _ samples: GrowthSamples, blocksAtEnd: UInt64) -> String {
        let figure = finding.figure
        func text(_ value: Double) -> String {
            let whole = UInt64(max(value, 0).rounded())
            return figure == .bytes ? ByteText.text(whole) : "\(whole) block\(whole == 1 ? "" : "s")"
        }
        let sentence =
            switch finding.trend {
            case .none: "It did not grow."
            case .tooFewIntervals:
                "It grew, in \(samples.intervals) interval\(samples.intervals == 1 ? "" : "s"): too few to tell where that ends."
            case .rises(let first, let second):
                "It grew by \(text(first)) in the first half and by \(text(second)) in the second, and goes on."
            case .lowsRise(let low, let later):
                "It rises and falls, and its lows rise: from \(text(low)) to \(text(later))."
            case .doubled(let times):
                "It grew \(times) times by a third or more of what it was, as storage does that is appended to, and the next time is not due."
            case .doubledAndStopped(let times):
                "It grew \(times) times by a third or more of what it was; had what it holds gone on growing, it would have grown again."
            case .staysBelow(let high):
                "In the second half it has not exceeded the \(text(high)) of the first."
            case .alternates(let low, let high):
                "It rises and falls between \(text(low)) and \(text(high)), and its highs do not rise."
            case .alternatesHigher(let before, let after):
                "It rises and falls; its high in the second half, \(text(after)), is above that in the first, \(text(before))."
            case .slows(let first, let second):
                "It grew by \(text(first)) in the first half and by \(text(second)) in the second: it slows down."
            case .stopped(let high):
                "It has stayed at \(text(high)) or below in the last quarter; whether that is the end will show."
            }
        // The last that is told of is often the end of the program, when much is freed; it is no part of the course.
        if blocksAtEnd == 0, finding.verdict != .leak { return sentence + " At the end nothing of it was left." }
        return sentence + survivors(finding) + leaked(finding)
    }

    private static func survivors(_ finding: GrowthFinding) -> String {
        guard finding.verdict == .unbounded || finding.verdict == .leak, finding.survivors > 0 else { return "" }
        return
            " Of the \(finding.middleBlocks) blocks at the middle of the time at least \(finding.survivors) are still "
            + "there."
    }

    private static func leaked(_ finding: GrowthFinding) -> String {
        switch finding.leakedBlocks {
        case let leaked? where finding.verdict == .leak: " Nothing refers to \(leaked) of its blocks any more."
        case .some where finding.verdict == .unbounded:
            " Something refers to its blocks, so who holds them lets them pile up."
        case nil where finding.verdict == .unbounded:
            " Whether anything still refers to its blocks a search for leaks would say."
        default: ""
        }
    }
}

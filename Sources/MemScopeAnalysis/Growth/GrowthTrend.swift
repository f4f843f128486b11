/// Where one figure, blocks or bytes, is heading.
///
/// The rule, in this order; `Docs/growth.md` says why. The *fall* is the largest drop from a high to a later low, the *range* the
/// distance of the lowest from the highest.
///
/// 1. Not above its first sample: no growth.
/// 2. Fewer than ``GrowthSamples/fewestIntervals``: warming up.
/// 3. It *alternates* if the fall is at least a quarter of the range. Bounded if the second half is no higher than the first but for a
///    tenth of the range; unbounded if the lows of the last three quarters rise, each by a twentieth of the range; else warming up.
/// 4. It *doubles* if it rose three times or more, and each time by a third or more of what it was, as storage does that grows. The next
///    time would be after as long as it took until the last: past that by a tenth it is bounded, before it unbounded after five times, warming up after fewer.
/// 5. Bounded if the second half is no higher than the first but for the fall.
/// 6. Warming up if it grew in the second half by less than seven tenths of what it grew in the first, or in the last quarter by less than
///    half of what it grew in the third; else unbounded.
package enum GrowthTrend: Sendable, Equatable {
    case none
    case tooFewIntervals
    case alternates(low: Double, high: Double)
    case lowsRise(from: Double, to: Double)
    case alternatesHigher(before: Double, after: Double)
    case doubled(times: Int)
    case doubledAndStopped(times: Int)
    case staysBelow(high: Double)
    case slows(first: Double, second: Double)
    case stopped(at: Double)
    case rises(first: Double, second: Double)

    /// Judges a figure.
    /// - Parameters:
    ///   - values: The figure at each sample.
    ///   - axis: Where the samples lie; ascends.
    package init(_ values: [Double], at axis: [Double]) {
        guard let first = values.first, let highest = values.max(), highest > first else {
            self = .none
            return
        }
        guard values.count > GrowthSamples.fewestIntervals else {
            self = .tooFewIntervals
            return
        }
        let curve = GrowthCurve(values, at: axis)
        let range = highest - values.min()!
        let (early, late) = (curve.highest(0, 2), curve.highest(2, 4))
        if curve.fall * 4 >= range {
            self = Self.alternating(curve, range, early, late)
        } else if let doubling = Self.doubling(values, axis) {
            self = doubling
        } else if late <= early + curve.fall {
            self = .staysBelow(high: early)
        } else {
            let growth = (0..<4).map { curve.growth(inQuarter: $0) }
            let (before, after) = (growth[0] + growth[1], growth[2] + growth[3])
            if growth[3] <= curve.fall {
                self = .stopped(at: highest)
            } else if after < 0.7 * before || growth[3] < 0.5 * growth[2] {
                self = .slows(first: before, second: after)
            } else {
                self = .rises(first: before, second: after)
            }
        }
    }

    private static func alternating(
        _ curve: GrowthCurve, _ range: Double, _ early: Double, _ late: Double
    ) -> GrowthTrend {
        if late <= early + range / 10 { return .alternates(low: curve.lowest(1, 4), high: max(early, late)) }
        let lows = (1..<4).map { curve.lowest($0, $0 + 1) }
        if lows[1] >= lows[0] + range / 20, lows[2] >= lows[1] + range / 20 {
            return .lowsRise(from: lows[0], to: lows[2])
        }
        return .alternatesHigher(before: early, after: late)
    }

    /// What grows by reallocating: seldom, and by much each time.
    private static func doubling(_ values: [Double], _ axis: [Double]) -> GrowthTrend? {
        var times = 0
        var last = 0
        for index in values.indices.dropFirst() where values[index] > values[index - 1] {
            guard values[index] * 3 >= values[index - 1] * 4 else { return nil }
            times += values[index - 1] > 0 ? 1 : 0
            last = index
        }
        guard times >= 3, times * 2 < values.count else { return nil }
        let untilLast = axis[last] - axis[0]
        if axis[axis.count - 1] - axis[last] > untilLast * 1.1 { return .doubledAndStopped(times: times) }
        return .doubled(times: times)
    }

    /// What it comes to.
    package var verdict: GrowthVerdict? {
        switch self {
        case .none: nil
        case .tooFewIntervals, .alternatesHigher, .slows, .stopped: .warmingUp
        case .doubled(let times): times >= 5 ? .unbounded : .warmingUp
        case .lowsRise, .rises: .unbounded
        case .alternates, .doubledAndStopped, .staysBelow: .bounded
        }
    }
}

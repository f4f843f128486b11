import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// How often a verdict is right, over histories whose future is known, is at least what its confidence says.
@Suite struct GrowthCalibrationTests {
    /// A series that has an end or has none, with noise.
    private struct Case {
        let live: [Int]
        let isBounded: Bool

        init(_ generator: inout SplitMix) {
            let count = Int.random(in: 7...59, using: &generator)
            let slope = Double(Int.random(in: 1...50, using: &generator))
            let noise = [0, 0, 1, 3][Int.random(in: 0...3, using: &generator)]
            let kind = Int.random(in: 0...8, using: &generator)
            let end = Double.random(in: 0.05...0.95, using: &generator) * Double(count)
            let period = Int.random(in: 3...max(count / 2, 3), using: &generator)
            let phase = Int.random(in: 0..<period, using: &generator)
            // Storage that doubles is all that there is in its place.
            let floor = kind < 7 ? 100 : 0
            live = (0..<count).map { round in
                let place = Double(round)
                let level =
                    switch kind {
                    case 0, 1: slope * place
                    case 2: slope * min(place, end)
                    case 3: slope * Double((round + phase) % period)
                    case 4: slope * Double(abs((round + phase) % (2 * period) - period))
                    case 5: slope * end * place / (place + end)
                    case 6: slope * place + 5 * slope * Double((round + phase) % period)
                    case 7: Self.storage(for: slope * place)
                    default: Self.storage(for: slope * min(place, end))
                    }
                return floor + Int(level) + (kind < 7 ? Int.random(in: 0...noise, using: &generator) : 0)
            }
            isBounded = (2...5).contains(kind) || kind == 8
        }

        /// The size of storage that was doubled whenever it was full.
        private static func storage(for elements: Double) -> Double {
            var size = 4.0
            while size < elements { size *= 2 }
            return size
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `verdicts are right as often as they say`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        var right: [String: (right: Int, all: Int, promised: Double)] = [:]
        var judged = 0
        for _ in 0..<6_000 {
            let made = Case(&generator)
            guard let finding = GrowthFinding(of: made.live), finding.verdict != .warmingUp else { continue }
            judged += 1
            let isRight = (finding.verdict == .bounded) == made.isBounded
            let trend = "\(finding.trend)".prefix { $0 != "(" }
            let class_ = "\(trend) \(Int(finding.confidence * 10))"
            right[class_, default: (0, 0, 0)].right += isRight ? 1 : 0
            right[class_, default: (0, 0, 0)].all += 1
            right[class_, default: (0, 0, 0)].promised += finding.confidence
        }
        // A rule that always says "warming up" would be right, too.
        #expect(judged > 3_000)
        // Each rule with a confidence of its own was judged, not only those that most histories are about.
        let rules = right.filter { $0.value.all > 50 }.keys.map { $0.prefix { $0 != " " } }
        #expect(
            Set(rules) == ["alternates", "doubled", "doubledAndStopped", "lowsRise", "rises", "staysBelow"])
        for (kind, sum) in right.sorted(by: { $0.key < $1.key }) where sum.all > 50 {
            let share = Double(sum.right) / Double(sum.all)
            #expect(share >= sum.promised / Double(sum.all), "class \(kind): \(share) of \(sum.all)")
        }
    }
}

/// The same numbers for the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

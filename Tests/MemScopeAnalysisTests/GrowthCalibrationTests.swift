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
            let kind = Int.random(in: 0...6, using: &generator)
            let end = Double.random(in: 0.05...0.95, using: &generator) * Double(count)
            let period = Int.random(in: 3...max(count / 2, 3), using: &generator)
            let phase = Int.random(in: 0..<period, using: &generator)
            live = (0..<count).map { round in
                let place = Double(round)
                let level =
                    switch kind {
                    case 0, 1: slope * place
                    case 2: slope * min(place, end)
                    case 3: slope * Double((round + phase) % period)
                    case 4: slope * Double(abs((round + phase) % (2 * period) - period))
                    case 5: slope * end * place / (place + end)
                    default: slope * place + 5 * slope * Double((round + phase) % period)
                    }
                return 100 + Int(level) + Int.random(in: 0...noise, using: &generator)
            }
            isBounded = (2...5).contains(kind)
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `verdicts are right as often as they say`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        var right: [Int: (right: Int, all: Int, promised: Double)] = [:]
        var judged = 0
        for _ in 0..<1_500 {
            let made = Case(&generator)
            guard let finding = GrowthFinding(of: made.live), finding.verdict != .warmingUp else { continue }
            judged += 1
            let isRight = (finding.verdict == .bounded) == made.isBounded
            let class_ = Int(finding.confidence * 10) * 10 + (finding.verdict == .bounded ? 1 : 0)
            right[class_, default: (0, 0, 0)].right += isRight ? 1 : 0
            right[class_, default: (0, 0, 0)].all += 1
            right[class_, default: (0, 0, 0)].promised += finding.confidence
        }
        // A rule that always says "warming up" would be right, too.
        #expect(judged > 750)
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

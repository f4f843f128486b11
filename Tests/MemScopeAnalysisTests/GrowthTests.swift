import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// What grows, and whether that will end: hand-made histories, with the program's marks and with the tracker's own notes.
@Suite struct GrowthTests {
    private func verdict(_ live: [Int], churn: Int = 0, leaked: UInt64? = nil) -> GrowthVerdict? {
        let byMark = GrowthFinding(of: live, churn: churn, leaked: leaked)
        let byTime = GrowthFinding(of: live, churn: churn, seconds: 7, areMarks: false, leaked: leaked)
        #expect(byMark?.verdict == byTime?.verdict)
        return byMark?.verdict
    }

    @Test(arguments: [7, 8, 20, 60])
    func `a list that grows for ever is unbounded, whatever comes and goes beside it`(count: Int) {
        #expect(verdict((1...count).map { 5 * $0 }) == .unbounded)
        #expect(verdict((1...count).map { 1_000_000 + $0 }) == .unbounded)
        #expect(verdict((1...count).map { 5 * $0 }, churn: 1_000) == .unbounded)
        #expect(verdict((1...count).map { $0 * $0 }) == .unbounded)
    }

    @Test func `growth in bursts is growth`() {
        #expect(verdict((0..<40).map { 10 * ($0 / 3) }) == .unbounded)
        #expect(verdict((0..<40).map { 10 * ($0 / 7) }) == .unbounded)
    }

    @Test func `what is not reached any more is a leak, what is reached is not`() {
        let line = (1...20).map { 5 * $0 }
        #expect(verdict(line, leaked: 100) == .leak)
        #expect(verdict(line, leaked: 50) == .leak)
        #expect(verdict(line, leaked: 20) == .unbounded)
        #expect(verdict(line, leaked: 0) == .unbounded)
        // A leak of long ago is none that grows.
        #expect(verdict(Array(repeating: 50, count: 20), leaked: 50) == nil)
        // Few intervals suffice to see it.
        #expect(verdict([1, 2, 3], leaked: 3) == .leak)
        #expect(verdict([0, 0, 3], leaked: 3) == .warmingUp)
    }

    @Test func `a cache that fills slowly and then stops is warming up, and bounded once it has stopped for long`() {
        func cache(_ rounds: Int) -> [Int] { (1...rounds).map { min(3 * $0, 60) } }
        #expect(verdict(cache(15)) == .unbounded)
        #expect(verdict(cache(24)) == .warmingUp)
        #expect(verdict(cache(30)) == .warmingUp)
        #expect(verdict(cache(45)) == .bounded)
        #expect(verdict(cache(60)) == .bounded)
    }

    @Test func `a cache whose misses get fewer is warming up`() {
        var misses = 0.0
        let filled = (1...40).map { round in
            misses += 100 * 0.9.power(round)
            return Int(misses)
        }
        #expect(verdict(filled) == .warmingUp)
    }

    @Test func `a bounded cache that evicts is bounded`() {
        #expect(verdict((1...30).map { min(20 * $0, 100) }, churn: 20) == .bounded)
        #expect(verdict((1...30).map { min(20 * $0, 100) - ($0 % 3) }, churn: 20) == .bounded)
    }

    @Test(arguments: 3...12 as ClosedRange<Int>)
    func `a sawtooth is bounded, wherever it is when one looks`(period: Int) {
        for count in 3 * period + 4...4 * period + 4 {
            #expect(verdict((0..<count).map { 10 * ($0 % period) + 3 }) == .bounded, "\(count)")
        }
    }

    @Test(arguments: [0, 3, 6, 9, 12, 15])
    func `a slow daily cycle is bounded after two days`(hour: Int) {
        // From four in the morning to four in the afternoon it rises, then it falls.
        let load = [10, 20, 40, 70, 100, 110, 100, 70, 40, 20, 12, 10]
        #expect(verdict((0..<24).map { load[($0 + hour) % 12] + $0 % 2 }) == .bounded)
        #expect(verdict((0..<36).map { load[($0 + hour) % 12] + $0 % 2 }) == .bounded)
    }

    @Test func `growth below a cycle shows in its lows`() {
        let load = [10, 20, 40, 70, 100, 110, 100, 70, 40, 20, 12, 10]
        #expect(verdict((0..<48).map { load[$0 % 12] + 10 * $0 }) == .unbounded)
    }

    @Test func `growth at the start is bounded`() {
        #expect(verdict([10, 80, 95, 99, 100, 100, 100, 100, 100, 100]) == .bounded)
        #expect(verdict([10, 80, 95, 99, 100, 99, 100, 98, 100, 100], churn: 3) == .bounded)
    }

    @Test func `few intervals are too few`() throws {
        let finding = try #require(GrowthFinding(of: [1, 2, 3, 4]))
        #expect(finding.verdict == .warmingUp && finding.trend == .tooFewIntervals && finding.confidence < 0.5)
    }

    @Test func `what does not grow is not judged`() {
        #expect(verdict([5, 5, 5, 5, 5, 5, 5, 5]) == nil)
        #expect(verdict([9, 8, 7, 6, 5, 5, 5, 5]) == nil)
        // Start-up before the first sample is no growth either.
        #expect(verdict([100, 100, 100, 100, 100, 100, 100]) == nil)
    }

    @Test func `storage that doubles is unbounded while it goes on doubling in time`() {
        func storage(_ rounds: Int, filling: Int) -> GrowthVerdict? {
            let samples = (1...rounds).map { round in
                var capacity = 8
                while capacity < 10 * min(round, filling) { capacity *= 2 }
                return Double(16 * capacity)
            }
            return GrowthTrend(samples, at: (0..<rounds).map(Double.init)).verdict
        }
        for rounds in 26...59 { #expect(storage(rounds, filling: 100) == .unbounded, "\(rounds)") }
        #expect(storage(50, filling: 8) == .bounded)
    }
}

extension Double {
    fileprivate func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * self } }
}

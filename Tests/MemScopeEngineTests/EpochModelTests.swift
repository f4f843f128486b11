import Testing

/// Why a cut is consistent: advance the epoch, then read the heads, then stop at the first newer mark.
@Suite struct EpochModelTests {
    private func outcomes(_ rule: EpochModel.Rule, seeds: ClosedRange<UInt64>) -> [EpochModel.Outcome] {
        seeds.map { seed in
            var model = EpochModel(
                seed: seed, rule: rule, threadCount: 2 + Int(seed % 4), addresses: 8 + Int(seed % 3) * 4)
            return model.run(steps: 3000)
        }
    }

    @Test func noCutShowsAFreeBeforeItsAllocation() {
        let outcomes = outcomes(.stopAtMark, seeds: 1...120)
        let cuts = outcomes.reduce(0) { $0 + $1.cuts }
        #expect(cuts > 1_000)
        let failed = outcomes.enumerated().filter { $0.element.inconsistentCuts > 0 }.map { $0.offset + 1 }
        #expect(failed.isEmpty, "seeds \(failed.prefix(5))")
    }

    @Test func shadowEntriesAlwaysNameTheBlockAndTotalsEndExact() {
        for (index, outcome) in outcomes(.stopAtMark, seeds: 1...60).enumerated() {
            #expect(outcome.wrongEntries == 0, "seed \(index + 1)")
            #expect(outcome.endsExact, "seed \(index + 1)")
        }
    }

    @Test(arguments: [EpochModel.Rule.ignoreMarks, .headsFirst]) func withoutTheRuleCutsAreWrong(rule: EpochModel.Rule)
    {
        let outcomes = outcomes(rule, seeds: 1...80)
        let inconsistent = outcomes.reduce(0) { $0 + $1.inconsistentCuts }
        #expect(inconsistent > 20)
        let inexact = outcomes.filter { !$0.endsExact }.count
        #expect(inexact == 0, "totals end right all the same")
    }
}

import MemScopeShim
import Testing

/// Random programs against a model that simply remembers everything.
@Suite struct RandomStreamTests {
    @Test(arguments: UInt64(1)...60) func oneRingIsExact(seed: UInt64) {
        var program = RandomProgram(seed: seed, rings: 1)
        for _ in 0..<20 {
            program.run(events: 50)
            program.cut(eventsBeforeDrain: 5)
            program.checkTotals()
        }
        program.finish()
        program.checkTotals()
        program.checkCrossings()
        #expect(program.memory.state.pointee.peak_bytes == program.truePeak, "seed \(seed)")
        #expect(program.memory.state.pointee.peak_upper_bound == program.truePeak, "seed \(seed)")
        for (leaf, bytes) in program.bytesAtTruePeak.enumerated().dropFirst() {
            #expect(program.memory.bytesAtPeak(leaf) == bytes, "seed \(seed), leaf \(leaf)")
        }
    }

    @Test(arguments: UInt64(1)...120) func severalRingsAreExactAtCutsAndBoundedBetween(seed: UInt64) {
        var program = RandomProgram(seed: seed, rings: 2 + Int(seed % 4))
        var highestCut: UInt64 = 0
        for _ in 0..<30 {
            program.run(events: 40)
            program.cut(eventsBeforeDrain: 20)
            program.checkTotals()
            highestCut = max(highestCut, program.memory.liveBytes)
            let state = program.memory.state.pointee
            #expect(state.peak_bytes >= highestCut, "seed \(seed)")
            #expect(program.truePeakAtCut >= state.peak_bytes, "seed \(seed)")
            #expect(state.peak_upper_bound >= program.truePeakAtCut, "seed \(seed)")
            #expect(state.peak_upper_bound <= state.allocated_bytes, "seed \(seed)")
            let holders = (1...RandomProgram.leafCount).reduce(0) { $0 + program.memory.bytesAtPeak($1) }
            #expect(holders == state.peak_bytes, "seed \(seed)")
        }
        program.finish()
        program.checkTotals()
        program.checkCrossings()
    }

    @Test(arguments: UInt64(1)...40) func theOrderOfRingsDoesNotMatter(seed: UInt64) {
        // The same records, met by the engine in another order of rings, give the same totals and the same bounds.
        let streams = 4
        var results: [[UInt64]] = []
        for rotation in 0..<streams {
            let memory = EngineMemory(sizes: [10, 1000, nil], rings: streams)
            var generator = SeededGenerator(seed: seed)
            for stream in 0..<streams {
                let ring = memory.rings[(stream + rotation) % streams]
                for _ in 0..<Int.random(in: 1...100, using: &generator) {
                    let leaf = Int.random(in: 1...3, using: &generator)
                    let size = UInt64.random(in: 64...128, using: &generator)
                    ring.allocate(leaf, context: stream, size: leaf == 3 ? size : nil)
                    if Bool.random(using: &generator) {
                        ring.free(leaf, context: stream, size: leaf == 3 ? size : nil)
                    }
                }
            }
            memory.drainAll()
            let state = memory.state.pointee
            var result = [state.allocations, state.frees, state.peak_bytes, state.peak_upper_bound, memory.liveBytes]
            for leaf in 1...3 {
                let totals = memory.totals(leaf)
                result += [totals.allocations, totals.frees, memory.bytesAtPeak(leaf)]
            }
            for index in 0..<streams {
                let context = memory.context(index)
                result += [context.allocated_bytes, context.freed_bytes]
            }
            results.append(result)
        }
        #expect(Set(results).count == 1, "seed \(seed)")
    }
}

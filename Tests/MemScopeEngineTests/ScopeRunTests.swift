import MemScopeShim
import Testing

/// Each run of a scope by itself: what it allocated, and what was left when it ended.
@Suite struct ScopeRunTests {
    @Test func `a run counts what it allocated and what it leaves behind`() {
        let program = AttributionMemory()
        let scope = program.scope()
        for left in 0..<3 {
            let run = program.begin(scope)
            let context = program.context(run: run)
            for _ in 0..<3 { program.ring(0).allocate(2, context: context) }
            for _ in 0..<(3 - left) { program.ring(0).free(2, context: context) }
            program.end(run)
            program.end(context: context)
        }
        program.memory.drainAll()
        let runs = program.runs(of: scope)
        #expect(runs.ended == 3)
        #expect(runs.allocations.sum == 9)
        #expect(runs.allocations.largest == 3)
        #expect(runs.retained_bytes.sum == 300)
        #expect(runs.retained_bytes.largest == 200)
        #expect(program.everything.allocated_bytes == 900)
    }

    @Test func `an inner run counts for the outer one, and its later frees too`() {
        let program = AttributionMemory()
        let outer = program.scope()
        let inner = program.scope(in: outer)
        let outerRun = program.begin(outer)
        let innerRun = program.begin(inner, in: outerRun)
        let context = program.context(run: innerRun)
        program.ring(0).allocate(2, context: context)
        program.ring(0).allocate(2, context: context)
        program.end(innerRun)
        program.end(context: context)
        program.memory.drainAll(epoch: 1)
        #expect(program.runs(of: inner).retained_bytes.sum == 200)
        program.ring(0).free(2, context: context)
        program.end(outerRun)
        program.memory.drainAll(epoch: 2)
        #expect(program.runs(of: outer).allocations.sum == 2)
        #expect(program.runs(of: outer).retained_bytes.sum == 100)
    }

    @Test func `what was freed and folded before the end still counts as allocated`() {
        let program = AttributionMemory()
        let outer = program.scope()
        let inner = program.scope(in: outer)
        let outerRun = program.begin(outer)
        for _ in 0..<5 {
            let run = program.begin(inner, in: outerRun)
            let context = program.context(run: run)
            program.ring(0).allocate(1, context: context)
            program.ring(0).free(1, context: context)
            program.end(run)
            program.end(context: context)
            program.memory.drainAll()
        }
        program.end(outerRun)
        program.memory.drainAll()
        #expect(program.runs(of: outer).allocations.sum == 5)
        #expect(program.runs(of: outer).allocated_bytes.sum == 50)
        #expect(program.runs(of: outer).retained_bytes.sum == 0)
        #expect(program.group(thread: 0, scope: inner).allocations == 5)
    }

    @Test func `runs end from the inside whatever ring tells first`() {
        let program = AttributionMemory(threads: 2)
        let outer = program.scope()
        let middle = program.scope(in: outer)
        let inner = program.scope(in: middle)
        let outerRun = program.begin(outer)
        let middleRun = program.begin(middle, in: outerRun)
        let innerRun = program.begin(inner, in: middleRun)
        let context = program.context(1, run: innerRun)
        program.ring(1).allocate(2, context: context)
        program.end(innerRun, on: 1)
        program.end(outerRun, on: 0)
        program.end(middleRun, on: 1)
        program.memory.drainAll()
        for scope in [inner, middle, outer] {
            #expect(program.runs(of: scope).ended == 1)
            #expect(program.runs(of: scope).allocations.sum == 1)
            #expect(program.runs(of: scope).retained_bytes.sum == 100)
        }
    }

    @Test func `a place that serves another run is not charged for the first`() {
        let program = AttributionMemory(threads: 2)
        let scope = program.scope()
        let first = program.begin(scope)
        program.end(first)
        program.memory.drainAll(epoch: 1)
        let second = program.begin(scope)
        #expect(program.index(of: first) == program.index(of: second))
        // A thread that had the first run in hand is late.
        let late = program.context(1, run: first)
        program.ring(1).allocate(2, context: late)
        program.end(second)
        program.memory.drainAll(epoch: 2)
        #expect(program.runs(of: scope).ended == 2)
        #expect(program.runs(of: scope).allocations.sum == 0)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 100, 1_000, 65_535, 1 << 30, UInt64.max])
    func `a figure falls into a bucket that is no wider than an eighth of it`(value: UInt64) {
        let bucket = memscope_distribution_bucket(value)
        #expect(bucket < UInt32(MEMSCOPE_DISTRIBUTION_BUCKETS))
        guard value > 8, value < 1 << 40 else { return }
        #expect(memscope_distribution_bucket(value + value / 8 + 1) > bucket)
        #expect(memscope_distribution_bucket(value - value / 8 - 1) < bucket)
    }
}

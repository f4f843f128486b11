import MemScopeShim
import Testing

/// The longest runs of scopes, as the timeline shows them.
@Suite struct ScopeEventTests {
    private func events(of program: AttributionMemory) -> [memscope_scope_event] {
        (0..<Int(program.state.pointee.scope_event_count)).map { program.state.pointee.scope_events[$0] }
    }

    @Test func `a run that is over has its times and what it came to`() throws {
        let program = AttributionMemory()
        let scope = program.scope()
        let run = program.begin(scope, at: 1_000)
        let context = program.context(run: run)
        for _ in 0..<3 { program.ring(0).allocate(2, context: context) }
        program.ring(0).free(2, context: context)
        program.end(run, at: 5_000)
        program.memory.drainAll()
        let event = try #require(events(of: program).first)
        #expect(events(of: program).count == 1 && program.state.pointee.scope_events_seen == 1)
        #expect(event.scope == scope && event.begin == 1_000 && event.end == 5_000)
        #expect(event.allocations == 3 && event.allocated_bytes == 300 && event.retained_bytes == 200)
        // The place is free, and is no run that lasts.
        #expect(program.state.pointee.runs[Int(program.index(of: run))].begin == 0)
    }

    /// Keeps runs by their beginnings and lengths, and returns those that stay.
    private func kept(_ runs: [(begin: UInt64, length: UInt64)]) -> [memscope_scope_event] {
        let limit = Int(MEMSCOPE_SCOPE_EVENTS)
        return [memscope_scope_event](unsafeUninitializedCapacity: limit) { buffer, initialized in
            buffer.initialize(repeating: memscope_scope_event())
            var count: UInt32 = 0
            for (number, run) in runs.enumerated() {
                var event = memscope_scope_event()
                event.begin = run.begin
                event.end = run.begin + run.length
                memscope_scope_event_keep(buffer.baseAddress!, &count, &event, UInt64(number))
            }
            initialized = Int(count)
        }
    }

    @Test func `of many runs the longest stay`() {
        let limit = UInt64(MEMSCOPE_SCOPE_EVENTS)
        for seed in 0..<5 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let runs = (1...(3 * limit)).shuffled(using: &generator).map { (begin: UInt64(10), length: $0) }
            #expect(kept(runs).map { $0.end - $0.begin }.sorted() == Array((2 * limit + 1)...(3 * limit)))
        }
        #expect(kept([(1, 5), (2, 3)]).count == 2)
    }

    @Test func `what stays of many runs of the same length is spread over the time`() {
        let runs = 20 * UInt64(MEMSCOPE_SCOPE_EVENTS)
        let tenths = Dictionary(grouping: kept((0..<runs).map { (begin: $0, length: 4) })) { $0.begin * 10 / runs }
        #expect(tenths.count == 10)
        for (tenth, events) in tenths { #expect((50...150).contains(events.count), "tenth \(tenth)") }
    }
}

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

    @Test func `of many runs the longest stay, and all are counted`() {
        let program = AttributionMemory()
        let scope = program.scope()
        let limit = UInt64(MEMSCOPE_SCOPE_EVENTS)
        var generator = SeededGenerator(seed: 7)
        for length in (1...(2 * limit)).shuffled(using: &generator) {
            let run = program.begin(scope, at: 10)
            program.end(run, at: 10 + length)
            if length % 16 == 0 { program.memory.drainAll() }
        }
        program.memory.drainAll()
        let lengths = events(of: program).map { $0.end - $0.begin }.sorted()
        #expect(lengths == Array((limit + 1)...(2 * limit)))
        #expect(program.state.pointee.scope_events_seen == 2 * limit)
    }

    @Test func `what stays of many runs of the same length is spread over the time`() {
        let program = AttributionMemory()
        let scope = program.scope()
        let runs = 4 * UInt64(MEMSCOPE_SCOPE_EVENTS)
        for time in 1...runs {
            let run = program.begin(scope, at: time)
            program.end(run, at: time + 4)
            if time % 16 == 0 { program.memory.drainAll() }
        }
        program.memory.drainAll()
        let tenths = Dictionary(grouping: events(of: program)) { ($0.begin - 1) * 10 / runs }
        #expect(tenths.count == 10)
        for (tenth, events) in tenths { #expect((50...150).contains(events.count), "tenth \(tenth)") }
    }
}

import MemScope

/// Work that leaves something behind each time, or only at first, or nothing.
enum Abandoned {
    final class Page {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    /// Of a size that nothing else has: what was at its place before, stale pointers may lead to.
    final class Lost {
        var itself: Lost?
        var payload = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26)
    }

    nonisolated(unsafe) static var cache: [Int: Page] = [:]
    nonisolated(unsafe) static var full: [Int: Page] = [:]
    nonisolated(unsafe) static var once: [Page] = []
    nonisolated(unsafe) static var total = 0

    static func run() async throws {
        do {
            _ = try findAbandonedMemory {}
        } catch let error as ExportError {
            say("\(error.code)")
        }
        try MemoryTracker.start()
        let nothing = try findAbandonedMemory { pass() }
        say("empty \(nothing.isEmpty): \(nothing)")
        let leak = try findAbandonedMemory { lose() }
        tell("leak", leak)
        say("empty \(leak.isEmpty): \(leak)")
        tell("cache", try findAbandonedMemory(repetitions: 7) { cache[cache.count] = Page(1) })
        tell("bounded", try findAbandonedMemory { if full.count < 5 { full[full.count] = Page(2) } })
        tell(
            "once", try findAbandonedMemory(warmUp: 0) { if once.isEmpty { for _ in 0..<20 { once.append(Page(3)) } } })
        tell(
            "both",
            try findAbandonedMemory(repetitions: 30) {
                cache[cache.count] = Page(4)
                cache[cache.count] = Page(5)
                lose()
            })
        tell(
            "asynchronous",
            try await findAbandonedMemory(repetitions: 8) {
                await Task.yield()
                cache[cache.count] = Page(6)
                await Task { pass() }.value
            })
        do {
            _ = try findAbandonedMemory { throw Refusal(number: 4) }
        } catch let error as Refusal {
            say("refused \(error.number)")
        }
        // Nothing is left of that one.
        tell("again", try findAbandonedMemory { pass() })
    }

    private static func tell(_ name: String, _ found: AbandonedMemory) {
        // Without a type: libdispatch hands tasks over in blocks of its own, of which each thread keeps some.
        func text(_ growths: [AbandonedMemory.Growth]) -> String {
            growths.filter { $0.type.hasPrefix("doors.") }.map {
                "\($0.blocksPerRepetition) \($0.type) of \($0.blocks)"
            }.joined(separator: ", ")
        }
        say("\(name): abandoned [\(text(found.abandoned))] leaked [\(text(found.leaked))]")
    }

    @inline(never)
    private static func pass() {
        let pages = (0..<10).map { Page($0) }
        total += pages.reduce(0) { $0 + $1.number }
    }

    @inline(never)
    private static func lose() {
        let lost = Lost()
        lost.itself = lost
    }
}

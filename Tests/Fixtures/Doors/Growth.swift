import MemScope

/// What grows in each of the ways that are told apart, thirty rounds with a mark after each.
enum Growth {
    /// One for each way, so that the report has a row for each.
    final class Listed { var payload = (1, 2, 3) }
    final class Leaked {
        var itself: Leaked?
        var payload = 0
    }
    final class Cached { var payload = (1, 2, 3, 4) }
    final class Recent { var payload = (1, 2, 3, 4, 5) }
    final class Batched { var payload = (1, 2, 3, 4, 5, 6) }
    final class Visitor { var payload = (1, 2, 3, 4, 5, 6, 7) }
    final class Registered { var payload = (1, 2, 3, 4, 5, 6, 7, 8) }
    final class Missed { var payload = (1, 2, 3, 4, 5, 6, 7, 8, 9) }

    nonisolated(unsafe) static var list: [Listed] = []
    nonisolated(unsafe) static var cache: [Int: Cached] = [:]
    nonisolated(unsafe) static var recent: [Recent] = []
    nonisolated(unsafe) static var batch: [Batched] = []
    nonisolated(unsafe) static var visitors: [Visitor] = []
    nonisolated(unsafe) static var registry: [Registered] = []
    nonisolated(unsafe) static var missed: [Missed] = []

    static func run(_ output: String) throws {
        try MemoryTracker.start()
        for round in 0..<30 {
            grow(round)
            MemoryTracker.mark("round \(round)")
        }
        try exportReport(to: output)
        say(
            "live \(list.count) \(cache.count) \(recent.count) \(batch.count) \(visitors.count) \(registry.count) \(missed.count)"
        )
    }

    @inline(never)
    private static func grow(_ round: Int) {
        for _ in 0..<3 { list.append(Listed()) }
        for _ in 0..<2 { leak() }
        if round < 10 { cache[round] = Cached() }
        for _ in 0..<2 {
            recent.append(Recent())
            if recent.count > 8 { recent.removeFirst() }
        }
        if round % 7 == 6 { batch.removeAll() }
        for _ in 0..<5 { batch.append(Batched()) }
        let load = [10, 20, 40, 70, 100, 110, 100, 70, 40, 20, 12, 10][round % 12]
        while visitors.count < load { visitors.append(Visitor()) }
        while visitors.count > load { visitors.removeLast() }
        if round < 4 { for _ in 0..<20 { registry.append(Registered()) } }
        for _ in 0..<(200 / (round + 1) / (round + 1)) + (round < 25 ? 1 : 0) { missed.append(Missed()) }
    }

    @inline(never)
    private static func leak() {
        let lost = Leaked()
        lost.itself = lost
    }
}

import Glibc
import MemScope

/// What attribution costs, in nanoseconds of the thread that does it; one JSON object a line. The argument is how often each
/// thing is done (1 000 000).
///
/// The frames around are few and the same each time, so what is measured is not the walk.
@main
struct AttributionCost {
    static func main() async throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        let off = synchronousScopes(count)
        say("a scope, synchronous, while off", off)
        try MemoryTracker.start()
        _ = synchronousScopes(1_000)
        say("a scope, synchronous", synchronousScopes(count))
        say("a scope, synchronous, with a block in it", synchronousScopesWithBlock(count))
        say("a scope, asynchronous", await asynchronousScopes(count))
        // The same loop on a thread that runs no task, and in a task inside of two scopes.
        let plain = await OwnThread.run { pairs(2_000_000) }
        let inside = trackScope("outer") { trackScope("inner") { pairs(2_000_000) } }
        say("a pair in a task and two scopes", inside)
        say("what attribution adds to an event", (inside - plain) / 2)
        say("a name, of ten", NamingCost.measure(10_000, distinct: 10))
        say("a name, of 4 000", NamingCost.measure(10_000, distinct: 4_000))
        say("a name, of 4 000, with 250 000 objects named", NamingCost.measure(min(count, 250_000), distinct: 4_000))
        let switching = await switchingTasks(count / 20)
        say("two tasks that take turns on a thread, an allocation each", switching)
    }

    private static func say(_ what: String, _ nanoseconds: Double) {
        print("{\"what\": \"\(what)\", \"nanoseconds\": \((nanoseconds * 10).rounded() / 10)}")
    }

    private static func each(_ count: Int, _ body: () -> Void) -> Double {
        let begin = ContinuousClock.now
        for _ in 0..<count { body() }
        return Double((ContinuousClock.now - begin) / .nanoseconds(1)) / Double(count)
    }

    @inline(never) private static func synchronousScopes(_ count: Int) -> Double {
        var sum = 0
        let taken = each(count) { trackScope("request") { sum &+= 1 } }
        precondition(sum == count)
        return taken
    }

    @inline(never) private static func synchronousScopesWithBlock(_ count: Int) -> Double {
        each(count) { trackScope("request") { pair() } }
    }

    @inline(never) private static func asynchronousScopes(_ count: Int) async -> Double {
        let begin = ContinuousClock.now
        var sum = 0
        for _ in 0..<count { await trackScope("request") { await Task.noTurn(&sum) } }
        precondition(sum == count)
        return Double((ContinuousClock.now - begin) / .nanoseconds(1)) / Double(count)
    }

    @inline(never) static func pairs(_ count: Int) -> Double {
        each(count) { pair() }
    }

    /// A block that the compiler cannot leave out.
    @inline(never) private static func pair() {
        let block = malloc(48)
        lastBlock = UInt(bitPattern: block)
        free(block)
    }

    nonisolated(unsafe) private static var lastBlock: UInt = 0

    private static func switchingTasks(_ count: Int) async -> Double {
        let begin = ContinuousClock.now
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<count {
                        pair()
                        await Task.yield()
                    }
                }
            }
        }
        return Double((ContinuousClock.now - begin) / .nanoseconds(1)) / Double(2 * count)
    }
}

extension Task where Success == Never, Failure == Never {
    /// An asynchronous function that does not suspend.
    @inline(never) fileprivate static func noTurn(_ sum: inout Int) async { sum &+= 1 }
}

import Glibc
import MemScope

/// What a program can read of itself while it runs.
enum Readings {
    static func run() async throws {
        say(
            "figures \(MemoryTracker.figures != nil), scope \(text(MemoryTracker.currentScope)), "
                + "task \(MemoryTracker.currentTask != nil)")
        try MemoryTracker.start()
        try await figures()
        scopes()
        await tasks()
        MemoryTracker.stop()
        say("after the stop: \(MemoryTracker.figures!.allocations > 0), scope \(text(MemoryTracker.currentScope))")
    }

    /// The figures rise by what is allocated, a moment later, and fall by what is freed.
    private static func figures() async throws {
        let before = MemoryTracker.figures!
        Blocks.keep(3)
        Blocks.pass(2)
        var now = before
        // Until the engine has seen all of it, which only a stalled machine delays for so long.
        for _ in 0..<1000 {
            if now.frees >= before.frees + 2, millions(now.allocatedBytes - before.allocatedBytes) >= 5 { break }
            try await Task.sleep(for: .milliseconds(10))
            now = MemoryTracker.figures!
        }
        say(
            "allocated \(millions(now.allocatedBytes - before.allocatedBytes)), live "
                + "\(millions(now.liveBytes - before.liveBytes)), later \(now.instant > before.instant), blocks add up "
                + "\(now.allocations - now.frees == now.liveBlocks), peak \(now.peakBytes >= now.liveBytes)")
    }

    private static func scopes() {
        trackScope("outer") {
            trackScope("inner/of") { say("in \(text(MemoryTracker.currentScope))") }
            say("in \(text(MemoryTracker.currentScope))")
        }
        let long = String(repeating: "x", count: 600)
        trackScope(long) {
            trackScope(long) { say("long \(MemoryTracker.currentScope! == "... > \(long)")") }
        }
    }

    private static func tasks() async {
        let mine = MemoryTracker.currentTask
        let (other, scope) = await trackScope("parent") {
            async let child = (MemoryTracker.currentTask, MemoryTracker.currentScope)
            return await child
        }
        say(
            "tasks \(mine != nil && other != nil && mine != other), same \(mine == MemoryTracker.currentTask), "
                + "in \(text(scope))")
        // The thread that the C library makes for it runs no task.
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                say("outside of tasks \(MemoryTracker.currentTask == nil)")
                return nil
            }, nil)
        pthread_join(thread, nil)
    }

    private static func millions(_ bytes: UInt64) -> UInt64 { bytes / UInt64(Blocks.size) }

    private static func text(_ scope: String?) -> String { scope ?? "nil" }
}

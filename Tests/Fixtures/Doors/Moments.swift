import Glibc
import MemScope

/// Known amounts by scope, thread, task and type, each at a time of its own: a mark is after each of the four stretches.
enum Moments {
    final class Early { var payload = (1, 2, 3) }
    final class Late { var payload = (1, 2, 3, 4) }

    nonisolated(unsafe) private static var early: [Early] = []
    nonisolated(unsafe) private static var late: [Late] = []
    nonisolated(unsafe) private static var held: [UnsafeMutableRawPointer] = []

    static func run(_ output: String) async throws {
        early.reserveCapacity(200)
        late.reserveCapacity(200)
        held.reserveCapacity(10)
        try MemoryTracker.start()
        trackScope("import") {
            for _ in 0..<3 { held.append(malloc(Blocks.size)!) }
            for _ in 0..<100 { early.append(Early()) }
            trackScope("parse") {
                Blocks.pass(2)
                usleep(60_000)
            }
        }
        MemoryTracker.mark("first")
        serve()
        MemoryTracker.mark("second")
        await trackScope("work") {
            await Task {
                Blocks.keep(5)
                Blocks.pass(1)
                for _ in 0..<200 { late.append(Late()) }
            }.value
        }
        MemoryTracker.mark("third")
        for block in held { free(block) }
        held = []
        early = []
        MemoryTracker.mark("fourth")
        try trackScope("closing") {
            usleep(20_000)
            try exportReport(to: output)
        }
        say("done")
    }

    /// On a thread of its own.
    private static func serve() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                trackScope("serve") { Blocks.keep(4) }
                return nil
            }, nil)
        pthread_join(thread, nil)
    }
}

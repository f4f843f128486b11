import Glibc
import MemScope

/// Every way to use a scope, with known allocations in each.
enum Scopes {
    static func run(_ output: String) async throws {
        trackScope("before start") { Blocks.keep(1) }
        await trackScope("before start") { await Task.yield() }
        try MemoryTracker.start()
        Blocks.keep(1)
        synchronous()
        await asynchronous()
        await tasks()
        await sideBySide()
        insideOfSynchronous()
        await ScopeErrors.run()
        await cancelled()
        say("actor \(await Bookkeeper().book())")
        say("main actor \(await MainDesk.book())")
        try exportReport(to: output)
    }

    private static func synchronous() {
        trackScope("synchronous") { Blocks.keep(3) }
        trackScope("outer") {
            Blocks.keep(1)
            trackScope("inner") { Blocks.keep(2) }
            Blocks.keep(1)
        }
        trackScope("other outer") { trackScope("inner") { Blocks.keep(5) } }
        for _ in 0..<100 { trackScope("often") { Blocks.pass(1) } }
        trackScope("") { Blocks.keep(1) }
        trackScope("späť 🧵") { Blocks.keep(1) }
    }

    private static func asynchronous() async {
        let sum = await trackScope("asynchronous") {
            Blocks.keep(1)
            await Task.yield()
            Blocks.keep(1)
            try? await Task.sleep(for: .milliseconds(1))
            trackScope("inside") { Blocks.keep(1) }
            return await trackScope("awaiting inside") {
                await Task.yield()
                Blocks.keep(2)
                return 3
            }
        }
        say("asynchronous \(sum)")
        let threads = await trackScope("hopping") {
            var threads = Set<UInt>()
            for _ in 0..<10 {
                threads.insert(await onMain())
                threads.insert(await elsewhere())
            }
            return threads.count
        }
        say("hopped \(threads > 1)")
        Blocks.keep(1)
    }

    @MainActor private static func onMain() -> UInt { here() }

    @concurrent private static func elsewhere() async -> UInt { here() }

    private static func here() -> UInt {
        Blocks.keep(1)
        return UInt(pthread_self())
    }

    private static func tasks() async {
        let late = await trackScope("parent") {
            async let first: Void = Blocks.keep(1)
            async let second: Void = Blocks.keep(1)
            _ = await (first, second)
            await withTaskGroup { group in
                for _ in 0..<10 { group.addTask { Blocks.keep(1) } }
            }
            await Task { Blocks.keep(1) }.value
            await Task.detached { Blocks.keep(20) }.value
            await Task.detached { trackScope("detached") { Blocks.keep(2) } }.value
            return Task {
                try? await Task.sleep(for: .milliseconds(20))
                Blocks.keep(4)
            }
        }
        await late.value
    }

    /// Tasks that share threads and give way to each other, each in a scope of its own.
    private static func sideBySide() async {
        await withTaskGroup { group in
            for number in 0..<4 {
                group.addTask {
                    await trackScope("side \(number)") {
                        for _ in 0..<(number + 1) * 10 {
                            Blocks.pass(1)
                            await Task.yield()
                        }
                    }
                }
            }
        }
    }

    /// A task that runs on a thread that is in a synchronous scope is in its own scope.
    private static func insideOfSynchronous() {
        let executor = InlineExecutor()
        trackScope("around") {
            Blocks.keep(1)
            Task(executorPreference: executor) {
                Blocks.keep(2)
                await trackScope("own") {
                    Blocks.keep(3)
                    await Task.yield()
                    trackScope("own, synchronous") { Blocks.keep(4) }
                }
            }
            Task.detached(executorPreference: executor) { Blocks.keep(5) }
            Blocks.keep(6)
        }
    }

    private static func cancelled() async {
        let task = Task {
            try await trackScope("cancelled") {
                Blocks.keep(1)
                try await Task.sleep(for: .seconds(600))
                Blocks.keep(100)
            }
        }
        task.cancel()
        let result = await task.result
        if case .failure(let error) = result { say("cancelled \(error is CancellationError)") }
        Blocks.keep(1)
    }
}

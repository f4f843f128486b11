import Dispatch
import Glibc
import Synchronization

/// Tasks, their frames, actors and streams. What a task that waits holds is alive, if anybody can wake it.
enum TaskCases {
    final class Cargo: Sendable { let payload = [UInt64](repeating: 1, count: 4) }

    actor Keeper {
        var cargo = Cargo()
        var other: Keeper?
        func set(_ keeper: Keeper) { other = keeper }
        func hold(_ continuation: UnsafeContinuation<Void, Never>) { continuations.append(continuation) }
        var continuations: [UnsafeContinuation<Void, Never>] = []
    }

    /// Holds the task that holds it.
    final class Runner: @unchecked Sendable {
        var task: Task<Void, Never>?
        let cargo = Cargo()
        func start() {
            task = Task {
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in
                    waiting.add(1, ordering: .relaxed)
                }
                withExtendedLifetime(self) {}
            }
        }
    }

    static let continuations = Mutex<[UnsafeContinuation<Void, Never>]>([])
    static let checked = Mutex<[CheckedContinuation<Void, Never>]>([])
    nonisolated(unsafe) static var keepers: [Keeper] = []
    nonisolated(unsafe) static var streams: [AsyncStream<Cargo>.Continuation] = []
    nonisolated(unsafe) static var results: [Task<Cargo, Never>] = []
    static let keeper = Keeper()
    static let waiting = Atomic(0)

    static let all: [String: @Sendable (Int) async -> Void] = [
        "heldBySleepingTasks": { n in
            await start(n) {
                let cargo = Cargo()
                try? await Task.sleep(nanoseconds: 600_000_000_000)
                withExtendedLifetime(cargo) {}
            }
        },
        "heldByContinuations": { n in
            await start(n) {
                let cargo = Cargo()
                await withUnsafeContinuation { continuation in continuations.withLock { $0.append(continuation) } }
                await withCheckedContinuation { continuation in checked.withLock { $0.append(continuation) } }
                withExtendedLifetime(cargo) {}
            }
        },
        // In the frames of a deep call, in several slabs.
        "heldByDeepTasks": { n in await start(n) { await descend(40, Cargo()) } },
        // They never get a thread: all of the pool's are asleep.
        "heldByQueues": { n in
            for _ in 0..<2 * sysconf(Int32(_SC_NPROCESSORS_ONLN)) { Task.detached { Glibc.sleep(600) } }
            Glibc.usleep(200_000)
            for _ in 0..<n {
                let cargo = Cargo()
                Task.detached { withExtendedLifetime(cargo) { waiting.add(1, ordering: .relaxed) } }
            }
        },
        "heldByDispatch": { n in
            for _ in 0..<n {
                let cargo = Cargo()
                DispatchQueue.global().asyncAfter(deadline: .now() + 600) { withExtendedLifetime(cargo) {} }
            }
        },
        "heldByGroups": { n in
            await start(n) {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 {
                        group.addTask {
                            let cargo = Cargo()
                            await withUnsafeContinuation { continuation in
                                continuations.withLock { $0.append(continuation) }
                            }
                            withExtendedLifetime(cargo) {}
                        }
                    }
                }
            }
        },
        "heldByAsyncLet": { n in
            await start(n) {
                async let one: Void = descend(3, Cargo())
                async let other: Void = descend(20, Cargo())
                _ = await (one, other)
            }
        },
        // By a task that is over, whose result it is.
        "heldAsResults": { n in
            for _ in 0..<n { results.append(Task { Cargo() }) }
            for task in results { _ = await task.value }
        },
        "heldByActors": { n in
            for _ in 0..<n {
                let one = Keeper()
                keepers.append(one)
                await one.set(Keeper())
            }
        },
        "heldByTaskOfActor": { n in
            await start(n) {
                let cargo = Cargo()
                await withUnsafeContinuation { continuation in Task { await keeper.hold(continuation) } }
                withExtendedLifetime(cargo) {}
            }
        },
        "heldByStreams": { n in
            for _ in 0..<n {
                let (stream, continuation) = AsyncStream<Cargo>.makeStream()
                streams.append(continuation)
                continuation.yield(Cargo())
                Task { for await cargo in stream { withExtendedLifetime(cargo) {} } }
                if streams.count % 2 == 0 { continuation.yield(Cargo()) }
            }
        },
        "lostActors": { n in
            for _ in 0..<n {
                let (one, other) = (Keeper(), Keeper())
                await one.set(other)
                await other.set(one)
            }
        },
        // A continuation that nobody has: its task waits for ever.
        "lostTasks": { n in
            await start(n) {
                let cargo = Cargo()
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in
                    waiting.add(1, ordering: .relaxed)
                }
                withExtendedLifetime(cargo) {}
            }
        },
        // Tasks that wait for children, which wait for ever. Parent and children refer to each other.
        "lostGroups": { n in
            await start(n) {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 { group.addTask { await waitForEver(Cargo()) } }
                }
            }
        },
        // The same with children that have no block of their own: their frames lie in a slab of the parent's.
        "lostAsyncLets": { n in
            await start(n) {
                async let one: Void = waitForEver(Cargo())
                async let other: Void = waitForEver(Cargo())
                _ = await (one, other)
            }
        },
        // A task that waits for ever, and the object that it holds, which holds its handle.
        "lostRunners": { n in
            for _ in 0..<n { Runner().start() }
            await start(0) {}
        },
        // Frames that are gone have left pointers behind in the memory of tasks that wait.
        "lostBehindFrames": { n in
            await start(n) {
                await leave()
                await withUnsafeContinuation { continuation in continuations.withLock { $0.append(continuation) } }
            }
        },
        // A stream whose continuation is gone, and the task that waits for its next element.
        "lostStreams": { n in
            await start(n) {
                let cargo = Cargo()
                let stream = AsyncStream<Cargo> { _ in }
                for await other in stream { withExtendedLifetime(other) {} }
                withExtendedLifetime(cargo) {}
            }
        },
    ]

    /// Overwrites what calls left on the stacks of the pool's threads: as many at a time as there can be.
    static func scrubThreads() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 * sysconf(Int32(_SC_NPROCESSORS_ONLN)) {
                group.addTask {
                    scrub()
                    usleep(5_000)
                }
            }
        }
    }

    /// Starts tasks that nobody has a handle of, and waits until they wait.
    private static func start(_ n: Int, _ work: @escaping @Sendable () async -> Void) async {
        for _ in 0..<n { Task { await work() } }
        for _ in 0..<20 { try? await Task.sleep(nanoseconds: 5_000_000) }
    }

    /// Has an object in its frame, and loses it.
    @inline(never) private static func leave() async {
        let cargo = Cargo()
        await Task.yield()
        lose(cargo)
        await Task.yield()
        withExtendedLifetime(cargo) {}
    }

    /// For a continuation that nobody has.
    private static func waitForEver(_ cargo: Cargo) async {
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in waiting.add(1, ordering: .relaxed) }
        withExtendedLifetime(cargo) {}
    }

    private static func descend(_ depth: Int, _ cargo: Cargo) async {
        if depth > 0 {
            await descend(depth - 1, cargo)
        } else {
            await withUnsafeContinuation { continuation in continuations.withLock { $0.append(continuation) } }
        }
        withExtendedLifetime(cargo) {}
    }
}

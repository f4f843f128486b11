import MemScope
import Synchronization

/// Tasks that wait for what never comes: all of one place in the program, and never finished.
enum Waiting {
    private static let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    static func run(_ output: String, tasks: Int) async throws {
        try MemoryTracker.start()
        waiting.withLock { $0.reserveCapacity(tasks) }
        for _ in 0..<tasks { begin() }
        while waiting.withLock({ $0.count }) < tasks { try await Task.sleep(nanoseconds: 10_000_000) }
        try exportReport(to: output)
    }

    private static func begin() {
        Task {
            await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
        }
    }
}

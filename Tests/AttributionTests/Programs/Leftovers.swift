import Synchronization

/// Tasks that somebody must wait for later.
final class Leftovers: Sendable {
    private let tasks = Mutex<[Task<Void, Never>]>([])

    func add(_ task: Task<Void, Never>) {
        tasks.withLock { $0.append(task) }
    }

    /// Waits for all, those included that are added meanwhile.
    func finish() async {
        while let task = tasks.withLock({ $0.popLast() }) { await task.value }
    }
}

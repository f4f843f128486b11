import Glibc

/// A thread that runs no task.
enum OwnThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Double
        let done: @Sendable (Double) -> Void

        init(_ body: @escaping @Sendable () -> Double, _ done: @escaping @Sendable (Double) -> Void) {
            self.body = body
            self.done = done
        }
    }

    /// Runs a function on a thread of its own and waits for what it returns.
    static func run(_ body: @escaping @Sendable () -> Double) async -> Double {
        await withCheckedContinuation { continuation in
            start(Work(body) { continuation.resume(returning: $0) })
        }
    }

    private static func start(_ work: Work) {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                work.done(work.body())
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        precondition(status == 0, "no thread")
        pthread_detach(thread)
    }
}

import Glibc
import MemScope

/// Four threads that allocate as fast as they can.
enum Stress {
    static let threads = 4
    static let rounds = 200_000
    static let size = 333

    static func run(_ output: String) throws {
        try MemoryTracker.start()
        Starvation.begin()
        var running: [pthread_t] = []
        for _ in 0..<threads {
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { _ in
                    trackScope("stress") { Stress.churn() }
                    return nil
                }, nil)
            running.append(thread)
        }
        for thread in running { pthread_join(thread, nil) }
        say(Exports.attempt(output))
    }

    private static func churn() {
        var held: (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) = (nil, nil)
        for _ in 0..<rounds {
            free(held.1)
            held = (malloc(size), held.0)
        }
        // The last two stay.
    }
}

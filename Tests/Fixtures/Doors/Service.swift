import Glibc
import MemScope

/// Programs that go on until somebody ends them.
enum Service {
    nonisolated(unsafe) private static var seen: sig_atomic_t = 0

    /// Sends itself the signal for an export, some times, and waits for each report.
    static func signals(_ output: String, ownHandler: Bool) throws {
        // Whoever started us may have blocked it.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        sigaddset(&wanted, SIGUSR2)
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        if ownHandler { signal(SIGUSR2) { _ in Service.seen += 1 } }
        try MemoryTracker.start()
        Blocks.keep(2)
        for number in 1...3 {
            kill(getpid(), SIGUSR2)
            waitFor("\(output)/export-\(number)/report.html")
        }
        say("handled \(seen)")
        say("alive")
    }

    /// Allocates a little, for ever.
    static func idle() throws {
        if !MemoryTracker.isTracking { try MemoryTracker.start() }
        say("ready")
        while true {
            Blocks.keep(1)
            usleep(5000)
        }
    }

    private static func waitFor(_ path: String) {
        while access(path, F_OK) != 0 { usleep(10_000) }
    }
}

import Glibc
import MemScope

/// Starting, pausing, marking and stopping.
enum Lifecycle {
    static func run(_ output: String) throws {
        say("tracking \(MemoryTracker.isTracking)")
        MemoryTracker.mark("too early")
        MemoryTracker.pause()
        MemoryTracker.resume()
        try MemoryTracker.start()
        try MemoryTracker.start()
        say("tracking \(MemoryTracker.isTracking)")
        let known = malloc(Blocks.size)
        trackScope("on") { Blocks.keep(1) }
        MemoryTracker.mark("before")
        MemoryTracker.pause()
        say("tracking \(MemoryTracker.isTracking)")
        trackScope("paused") { Blocks.keep(10) }
        free(known)
        MemoryTracker.resume()
        trackScope("on") { Blocks.keep(2) }
        MemoryTracker.mark("after")
        MemoryTracker.stop()
        say("tracking \(MemoryTracker.isTracking)")
        trackScope("stopped") { Blocks.keep(20) }
        MemoryTracker.mark("too late")
        say(startError())
        say(Exports.attempt(output))
    }

    /// Starts and says why it failed, if it did.
    static func startError() -> String {
        do {
            try MemoryTracker.start()
            return "started"
        } catch {
            return "\(error.code) \(error)"
        }
    }

    /// A program that goes on without tracking.
    static func without(_ output: String) {
        say(startError())
        say("tracking \(MemoryTracker.isTracking)")
        say("worked \(trackScope("work") { 42 })")
        MemoryTracker.mark("nothing")
        MemoryTracker.pause()
        MemoryTracker.resume()
        MemoryTracker.stop()
        say(Exports.attempt(output))
    }

    /// A report at exit, ahead of what was registered before tracking began.
    static func atExit(_ output: String) throws {
        atexit { say("report first: \(access("\(CommandLine.arguments[2])/report.json", F_OK) == 0)") }
        try MemoryTracker.start(TrackerConfiguration(reportAtExit: output))
        trackScope("work") { Blocks.keep(3) }
        exit(3)
    }
}

import MemScope

// As a program has them that includes LeakSanitizer's header.
@_silgen_name("__lsan_disable") private func disableLeaks()
@_silgen_name("__lsan_enable") private func enableLeaks()
@_silgen_name("__lsan_do_leak_check") private func checkLeaks()
@_silgen_name("__lsan_do_recoverable_leak_check") private func checkLeaksAndGoOn() -> CInt

/// Checks for leaks by LeakSanitizer's functions.
enum LeakChecks {
    final class Lost {
        var payload = [7, 8, 9]
    }

    static func run(_ output: String) throws {
        say("off \(checkLeaksAndGoOn())")
        var configuration = TrackerConfiguration()
        configuration.reportAtExit = output
        try MemoryTracker.start(configuration)
        say("nothing \(checkLeaksAndGoOn())")
        disableLeaks()
        lose(3)
        enableLeaks()
        say("ignored \(checkLeaksAndGoOn())")
        lose(3)
        say("lost \(checkLeaksAndGoOn())")
        say("again \(checkLeaksAndGoOn())")
        checkLeaks()
        say("after 0")
    }

    @inline(never)
    private static func lose(_ count: Int) {
        for _ in 0..<count { _ = Unmanaged.passRetained(Lost()) }
        scrub(60)
    }

    @inline(never)
    private static func scrub(_ depth: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { $0.initialize(repeating: 0) }
        if depth > 0 { scrub(depth - 1) }
    }
}

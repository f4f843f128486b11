internal import MemScopeShim

/// Tracks every heap allocation of this process: where it happened, how large it was, what it holds, who freed it.
///
/// Tracking is off until ``start(_:)`` is called or the environment says `MEMSCOPE=1`; linked and not started it costs
/// a load and a branch per allocation. All functions may be called from any thread or task.
public enum MemoryTracker {
    /// Starts tracking. Allocations made before are unknown to the tracker, and so are their frees.
    ///
    /// Starting twice is harmless; of a second configuration, or the first one in a program that the environment started to
    /// track, only ``TrackerConfiguration/retainLedger`` and ``TrackerConfiguration/reportAtExit`` count. Starting after ``stop()``
    /// is an error. It takes about a millisecond, and two threads named `memscope-drain` and `memscope-serve` appear in the process.
    ///
    /// - Parameter configuration: How to track.
    /// - Throws: ``TrackerError`` when tracking is not possible here, such as in a program with a sanitizer. Nothing is
    ///   changed in the program then.
    public static func start(_ configuration: TrackerConfiguration = TrackerConfiguration()) throws(TrackerError) {
        #if os(Linux)
            var options = memscope_options(
                drop: configuration.whenRingsAreFull == .drop,
                segments: UInt32(clamping: configuration.ringBytes / 65536), custody: configuration.custody,
                ownership: nil)
            let status = (configuration.retainLedger?.text ?? "").withCString { selection in
                options.ownership = selection
                return memscope_start(&options)
            }
            guard status == MEMSCOPE_OK else { throw TrackerError(status) }
            if let directory = configuration.reportAtExit { ExitReport.register(directory: directory) }
            memscope_set_exporter(exportWhileRunning)
        #else
            throw TrackerError(.unsupportedPlatform)
        #endif
    }

    /// Ends tracking for good. What was seen until now stays and can still be exported.
    public static func stop() {
        memscope_stop()
    }

    /// Stops recording allocations until ``resume()``. Frees of blocks that are known are still recorded, so that the
    /// live heap stays true; and a retain ledger goes on, so that what is given back in a pause does not look as if it were not.
    public static func pause() {
        memscope_pause()
    }

    /// Records allocations again after ``pause()``.
    public static func resume() {
        memscope_resume()
    }

    /// Whether tracking was started and not stopped. A pause does not count.
    public static var isTracking: Bool {
        memscope_is_tracking()
    }

    /// Names this instant on the timeline, with the heap as it is now: for before-and-after comparisons.
    ///
    /// Every mark also notes what each stack allocated and freed since the one before, which growth is judged by: place seven or more where
    /// things compare, such as at the end of each round. Waits for the engine, usually some microseconds, with hundreds of thousands
    /// of distinct stacks some milliseconds. Does nothing unless tracking.
    ///
    /// - Parameter name: What to call the instant.
    public static func mark(_ name: String) {
        var name = name
        name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return }
                memscope_mark(start, UInt32(clamping: text.count))
            }
        }
    }
}

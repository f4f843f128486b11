internal import MemScopeReport
internal import MemScopeShim

/// Writes `report.json` and `report.html` into a directory, which is created if need be.
///
/// The report is of one instant: totals as of one cut of the engine, the live heap from a frozen copy of the process,
/// made with `fork`'s cost but without its handlers or signals. The program goes on meanwhile. May be called from any
/// thread or task and as often as one likes; concurrent calls queue. Both files are written beside and then renamed,
/// so a reader never sees half a report.
///
/// Finding names for addresses takes most of the time, tens of microseconds per distinct address, on a thread of
/// its own; they are kept for the next export. What the export itself allocates is not tracked.
///
/// - Parameters:
///   - directory: Where to write, `nil` for `MEMSCOPE_OUTPUT` or else `memscope-report`.
///   - leaks: Whether to look for leaks, which stops all threads while the process is copied, as ``findLeaks()`` does.
/// - Throws: ``ExportError``. Nothing half-written is left behind.
public func exportReport(to directory: String? = nil, leaks: LeakMode = .configured) throws(ExportError) {
    memscope_forget_stack(StaleStack.bytes)
    // From here on: the runtime makes types for the call below, and a context if it does not fit on the stack.
    memscope_ours_begin()
    defer { memscope_ours_end() }
    let target = directory ?? String(cString: memscope_configured_output())
    try LargeStackThread.run { ReportExport.shared.export(to: target, reason: "request", leaks: leaks) }.get()
}

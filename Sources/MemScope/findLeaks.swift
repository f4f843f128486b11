internal import MemScopeShim

/// Looks for blocks that nothing refers to any more.
///
/// All threads stand still while the process is copied, some tens of milliseconds for each gibibyte of memory; the search runs in the copy. What the
/// search itself allocates is not tracked. May be called from any thread or task, as often as one likes; concurrent calls queue. The
/// caller waits for the result, so give it a thread or a task of its own where that matters.
///
/// - Returns: What leaked, with what was new since the scan before.
/// - Throws: ``ExportError`` if tracking was not started, if the threads could not be stopped or the process not be searched, or if no
///   temporary file can be written: the search hands its findings over in a directory of its own in `TMPDIR`, else in `/tmp`.
public func findLeaks() throws(ExportError) -> LeakReport {
    memscope_forget_stack(StaleStack.bytes)
    memscope_ours_begin()
    defer { memscope_ours_end() }
    return try LargeStackThread.run { LeakSearch.shared.find() }.get()
}

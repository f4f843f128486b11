internal import MemScopeShim

// What the shim calls for LeakSanitizer's functions in a program that links MemScope.

/// Looks for leaks, and prints what there is.
/// - Returns: The number of leaked blocks.
@_cdecl("memscope_library_check_leaks")
func checkLeaks() -> UInt64 {
    memscope_ours_begin()
    defer { memscope_ours_end() }
    switch LargeStackThread.run({ LeakSearch.shared.find() }) {
    case .failure(let error):
        StandardError.say("no check for leaks: \(error)")
        return .max
    case .success(let found):
        if found.blocks > 0 {
            StandardError.say("\(found.blocks) block\(found.blocks == 1 ? "" : "s") of \(found.bytes) bytes leaked")
        }
        for leak in found.leaks.lazy.filter({ $0.category != .dead }).prefix(20) {
            StandardError.say(
                "\(leak.category): \(leak.blocks) × \(leak.type), \(leak.bytes) bytes, allocated in \(leak.place)")
        }
        return UInt64(found.blocks)
    }
}

/// Writes the report that is otherwise written at exit, if there is to be one.
@_cdecl("memscope_library_report_at_exit")
func reportBeforeExit() {
    memscope_ours_begin()
    defer { memscope_ours_end() }
    ExitReport.write()
}

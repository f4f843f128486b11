internal import MemScopeShim

/// The run of the innermost scope as a task-local value, so that child tasks inherit it. The hooks read it in the task's own
/// memory.
enum ScopeTaskLocal {
    @TaskLocal static var current: UInt64 = 0

    /// Tells the hooks which of a task's values to look for: at the first scope, whoever started the tracking.
    private static let announced: Void = memscope_task_scope_key(
        UnsafeRawPointer(Unmanaged.passUnretained($current).toOpaque()))

    /// Begins a run of the scope `name` inside the current one.
    static func begin(_ name: String) -> UInt64 {
        _ = announced
        var name = name
        return name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return memscope_scope_begin(current, "", 0) }
                return memscope_scope_begin(current, start, UInt32(clamping: text.count))
            }
        }
    }
}

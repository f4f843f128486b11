internal import MemScopeShim

/// What `trackScope` does around its body. Apart from it, so that the generic part can be compiled into the program: called
/// across modules, it costs several times what the scope does.
@usableFromInline
enum ScopeRun {
    /// Whether there is anything to do. A load or two.
    @usableFromInline
    static var isWanted: Bool { memscope_is_tracking() }

    /// A synchronous scope, for ``leave(_:)``.
    @usableFromInline
    struct Entry {
        fileprivate var entry: memscope_scope_entry
    }

    /// Enters a synchronous scope on this thread.
    @usableFromInline
    static func enter(_ name: String) -> Entry {
        // What this takes is ours, what the body does is the program's.
        memscope_ours_begin()
        defer { memscope_ours_end() }
        ScopeTaskLocal.announce()
        let entry = withText(of: name) { memscope_scope_enter($0, $1) }
        // The task-local value is for the tasks that the body creates; the thread's own for everything it does itself.
        ScopeTaskLocal.push(entry.run)
        return Entry(entry: entry)
    }

    /// Leaves a synchronous scope.
    @usableFromInline
    static func leave(_ entry: Entry) {
        memscope_ours_begin()
        defer { memscope_ours_end() }
        ScopeTaskLocal.pop()
        memscope_scope_leave(entry.entry)
    }

    /// Begins a scope that the running task keeps across suspensions.
    @usableFromInline
    static func begin(_ name: String) -> UInt64 {
        memscope_ours_begin()
        defer { memscope_ours_end() }
        ScopeTaskLocal.announce()
        let run = withText(of: name) { memscope_scope_begin($0, $1) }
        ScopeTaskLocal.push(run)
        return run
    }

    /// Ends a scope that ``begin(_:)`` began.
    @usableFromInline
    static func end(_ run: UInt64) {
        memscope_ours_begin()
        defer { memscope_ours_end() }
        ScopeTaskLocal.pop()
        memscope_scope_end(run)
    }

    @inline(__always)
    private static func withText<Value>(of name: String, _ body: (UnsafePointer<CChar>, UInt32) -> Value) -> Value {
        func call(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
            guard let start = bytes.baseAddress else { return body("", 0) }
            return UnsafeRawPointer(start).withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                body($0, UInt32(clamping: bytes.count))
            }
        }
        if let value = name.utf8.withContiguousStorageIfAvailable(call) { return value }
        var copy = name
        return copy.withUTF8(call)
    }
}

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

        /// The run's word.
        @usableFromInline
        var run: UInt64 { entry.run }
    }

    /// Enters a synchronous scope on this thread.
    @usableFromInline
    static func enter(_ name: String) -> Entry {
        ScopeTaskLocal.announce()
        return withText(of: name, enterText)
    }

    /// Leaves a synchronous scope.
    @usableFromInline
    static func leave(_ entry: Entry) { memscope_scope_leave(entry.entry) }

    /// Begins a scope that the running task keeps across suspensions.
    @usableFromInline
    static func begin(_ name: String) -> UInt64 {
        ScopeTaskLocal.announce()
        return withText(of: name, beginText)
    }

    /// Ends a scope that ``begin(_:)`` began.
    @usableFromInline
    static func end(_ run: UInt64) { memscope_scope_end(run) }

    /// Puts the running task into a run that began elsewhere, until ``suspend()``.
    @usableFromInline
    static func resume(_ run: UInt64) {
        ScopeTaskLocal.announce()
        memscope_scope_bind(run)
    }

    /// Takes the running task out of the run again.
    @usableFromInline
    static func suspend() { memscope_scope_unbind() }

    private static func enterText(_ text: UnsafeBufferPointer<UInt8>) -> Entry {
        Entry(entry: memscope_scope_enter(text.baseAddress, UInt32(clamping: text.count)))
    }

    private static func beginText(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        memscope_scope_begin(text.baseAddress, UInt32(clamping: text.count))
    }

    // The functions capture nothing: a closure that does is allocated in a debug build, and would be in the program's figures.
    @inline(__always)
    private static func withText<Value>(of name: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        if let value = name.utf8.withContiguousStorageIfAvailable(body) { return value }
        var copy = name
        return copy.withUTF8(body)
    }
}

internal import MemScopeShim

/// The run of the innermost scope as a task-local value, so that child tasks inherit it. The hooks read it in the task's own
/// memory.
///
/// It is bound in C, as `withValue` does, but without closures, which would cost as much again as the scope.
enum ScopeTaskLocal {
    @TaskLocal private static var current: UInt64 = 0

    private static let isAnnounced: Void = {
        let key = UnsafeRawPointer(Unmanaged.passUnretained($current).toOpaque())
        memscope_task_scope_key(key, unsafeBitCast(UInt64.self as Any.Type, to: UnsafeRawPointer.self))
    }()

    /// Says which value it is, if that was not done yet: at the first scope, whoever started the tracking.
    static func announce() { isAnnounced }
}

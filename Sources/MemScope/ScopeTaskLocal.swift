internal import MemScopeShim

/// The run of the innermost scope as a task-local value, so that child tasks inherit it. The hooks read it in the task's own
/// memory.
enum ScopeTaskLocal {
    @TaskLocal static var current: UInt64 = 0

    /// The object that names the value. Asked for at the first scope, whoever started the tracking, which tells the hooks
    /// what to look for.
    private static let key: UInt = {
        let object = UnsafeRawPointer(Unmanaged.passUnretained($current).toOpaque())
        memscope_task_scope_key(object)
        return UInt(bitPattern: object)
    }()

    /// Announces the value to the hooks, if that was not done yet.
    static func announce() { _ = key }

    /// Binds the value in the running task, or the thread outside of tasks, until ``pop()``.
    ///
    /// As `withValue` does, but without closures, which would cost as much again as the scope.
    static func push(_ run: UInt64) {
        let type = unsafeBitCast(UInt64.self as Any.Type, to: UnsafeRawPointer.self)
        guard let key = UnsafeRawPointer(bitPattern: key) else { return }
        memscope_task_local_push(key, run, type)
    }

    /// Undoes the latest ``push(_:)``.
    static func pop() { memscope_task_local_pop() }
}

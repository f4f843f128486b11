internal import MemScopeShim

/// The scope that some code is in, to be handed to code that would not inherit it: a detached task, a callback.
public struct TrackedScope: Sendable {
    @usableFromInline let run: UInt64

    /// The innermost scope that the running task, or the thread outside of tasks, is in. About 20 ns; any thread or task.
    public static var current: TrackedScope {
        TrackedScope(run: memscope_scope_current())
    }
}

/// Runs `body` in a scope that was entered elsewhere, as if it had been called there.
///
/// For detached tasks, which inherit no scope by themselves. If the scope's run is over by now, what `body` allocates counts
/// for the scope, but for none of its runs. A scope of none leaves `body` in none.
///
/// - Parameters:
///   - scope: The scope, from ``TrackedScope/current``.
///   - isolation: The caller's isolation, which `body` keeps. Leave it to its default.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, with its type.
@inlinable
public func trackScope<Value, Failure: Error>(
    in scope: TrackedScope, isolation: isolated (any Actor)? = #isolation, _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    guard ScopeRun.isWanted else { return try await body() }
    ScopeRun.resume(scope.run)
    defer { ScopeRun.suspend() }
    return try await body()
}

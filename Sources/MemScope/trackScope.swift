internal import MemScopeShim

/// Runs `body` and attributes to `name` what is allocated meanwhile.
///
/// Scopes nest, and appear in the report with their totals: a scope's figures include what its inner scopes allocated,
/// the `self…` figures do not. Each run is also counted by itself: the report says what a run allocates and what it leaves
/// behind, on average, at the median, in the 95th percentile and at most. Use few distinct names (a route, not a request):
/// each distinct path of names has a row.
///
/// While tracking is off this costs a load and a branch; while it is on, well below a microsecond.
///
/// - Parameters:
///   - name: What to call the scope.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, with its type.
public func trackScope<Value, Failure: Error>(
    _ name: String, _ body: () throws(Failure) -> Value
) throws(Failure) -> Value {
    guard memscope_is_tracking() else { return try body() }
    let run = ScopeTaskLocal.begin(name)
    // What it takes to bind the value is ours, what `body` does is the program's.
    memscope_ours_begin()
    defer {
        memscope_scope_end(run)
        memscope_ours_end()
    }
    // The task-local value is for the tasks that `body` creates; the thread's own for everything it does itself.
    return try ScopeTaskLocal.$current.withValue(run) { () -> Result<Value, Failure> in
        let outer = memscope_thread_scope_enter(run)
        memscope_ours_end()
        defer {
            memscope_ours_begin()
            memscope_thread_scope_leave(outer)
        }
        do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }.get()
}

/// Runs `body` and attributes to `name` what is allocated meanwhile by this task and by the tasks it creates, across
/// every `await` and whichever thread it resumes on. Detached tasks do not inherit the scope.
///
/// As the synchronous form otherwise. `body` runs where the caller is isolated.
///
/// - Parameters:
///   - name: What to call the scope.
///   - isolation: The caller's isolation, which `body` keeps. Leave it to its default.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, with its type.
public func trackScope<Value, Failure: Error>(
    _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    guard memscope_is_tracking() else { return try await body() }
    let run = ScopeTaskLocal.begin(name)
    defer { memscope_scope_end(run) }
    return try await ScopeTaskLocal.$current.withValue(
        run,
        operation: { () async -> Result<Value, Failure> in
            // Only a closure that captures the isolation has it; another would leave the actor before `body` begins.
            _ = isolation
            memscope_task_scope_changed()
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }, isolation: isolation
    ).get()
}

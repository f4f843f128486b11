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
@inlinable
public func trackScope<Value, Failure: Error>(
    _ name: String, _ body: () throws(Failure) -> Value
) throws(Failure) -> Value {
    guard ScopeRun.isWanted else { return try body() }
    let entry = ScopeRun.enter(name)
    defer { ScopeRun.leave(entry) }
    return try body()
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
@inlinable
public func trackScope<Value, Failure: Error>(
    _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    guard ScopeRun.isWanted else { return try await body() }
    let run = ScopeRun.begin(name)
    defer { ScopeRun.end(run) }
    return try await body()
}

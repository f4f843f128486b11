/// Runs `body` as `trackScope` does, and then looks for what was allocated meanwhile and leaked.
///
/// The search counts what the body allocated by itself, in inner scopes and in tasks it created, and that nothing refers to when the
/// body has returned or thrown; what it returns is still referred to. All threads stand still while the process is copied, as with
/// ``findLeaks()``, and the caller waits for the result: use it in tests, or on one request in many.
///
/// Where leaks cannot be looked for, that is handed over as what leaked is: see ``ScopeLeaks/failure``.
///
/// While tracking is off nothing is looked for, and this costs a load and a branch. What each scope's runs came to is in the report, in `leaks.checks`.
///
/// - Parameters:
///   - name: What to call the scope.
///   - leaks: What to do with what leaked: ``LeakCheck/check`` says it on standard error, ``LeakCheck/check(_:)`` hands it over.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, with its type.
@inlinable
public func trackScope<Value, Failure: Error>(
    _ name: String, leaks: LeakCheck, _ body: () throws(Failure) -> Value
) throws(Failure) -> Value {
    guard ScopeRun.isWanted else { return try body() }
    let entry = ScopeRun.enter(name)
    // Not by `defer`, which may be a function: its frame would lie where the body's was.
    do throws(Failure) {
        let value = try body()
        LeakCheck.forgetStack()
        leaks.end(name, entry)
        return value
    } catch {
        LeakCheck.forgetStack()
        leaks.end(name, entry)
        throw error
    }
}

/// Runs `body` as the asynchronous `trackScope` does, and then looks for what was allocated meanwhile and leaked.
///
/// As the synchronous form otherwise. The thread that runs the task waits for the search. A task of the body's that has not ended holds
/// what it uses.
///
/// - Parameters:
///   - name: What to call the scope.
///   - leaks: What to do with what leaked.
///   - isolation: The caller's isolation, which `body` keeps. Leave it to its default.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, with its type.
@inlinable
public func trackScope<Value, Failure: Error>(
    _ name: String, leaks: LeakCheck, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    guard ScopeRun.isWanted else { return try await body() }
    let run = ScopeRun.begin(name)
    do throws(Failure) {
        let value = try await body()
        LeakCheck.forgetStack()
        leaks.end(name, run)
        return value
    } catch {
        LeakCheck.forgetStack()
        leaks.end(name, run)
        throw error
    }
}

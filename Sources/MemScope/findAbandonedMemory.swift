internal import MemScopeShim

/// Does something again and again and says what each time leaves behind, leaked or still referred to.
///
/// First `body` runs `warmUp` times, so that what is made once is there. Then it runs `repetitions` times, with a note of what every place in the
/// program holds before the first and after each. When all has come to rest, places that hold at least one block more for each repetition, over
/// all of them and over their second half, have grown with the work; a search for leaks says what of that is still referred to. So one-time
/// caches and caches that are full after a while are not in the result. What other threads pile up meanwhile at the same pace would be.
///
/// Counts are exact and the result does not depend on time, but for what `body` leaves to others, such as a task that frees something later:
/// `idle` is for them.
///
/// What runtimes keep for themselves, without a function of the program on the stack, is not in `abandoned`.
///
/// Storage that grows by doubling, as that of an array, grows in few of the repetitions and is not in the result; what it holds is, unless these are
/// plain values.
///
/// - Parameters:
///   - repetitions: How often to repeat, 2 to 30.
///   - warmUp: How often to run before.
///   - idle: How long to wait at the end.
///   - body: The work.
/// - Returns: What grew with the repetitions.
/// - Throws: What `body` throws, and ``ExportError`` if tracking was not started, leaks could not be looked for, or another such procedure is running.
public func findAbandonedMemory(
    repetitions: Int = 10, warmUp: Int = 2, idle: Duration = .milliseconds(20), _ body: () throws -> Void
) throws -> AbandonedMemory {
    let search = try AbandonedMemorySearch(repetitions: repetitions)
    defer { search.end() }
    for _ in 0..<warmUp { try body() }
    memscope_forget_stack(StaleStack.bytes)
    try search.begin()
    for _ in 0..<repetitions {
        try body()
        try search.note()
    }
    search.rest(idle)
    memscope_forget_stack(StaleStack.bytes)
    return try search.finish()
}

/// Does something asynchronous again and again and says what each time leaves behind, leaked or still referred to.
///
/// As the synchronous form. `body` runs where the caller is isolated.
///
/// - Parameters:
///   - repetitions: How often to repeat, 2 to 30.
///   - warmUp: How often to run before.
///   - idle: How long to wait at the end.
///   - isolation: The caller's isolation, which `body` keeps. Leave it to its default.
///   - body: The work.
/// - Returns: What grew with the repetitions.
/// - Throws: As the synchronous form, and `CancellationError` if the task is cancelled while it waits.
public func findAbandonedMemory(
    repetitions: Int = 10, warmUp: Int = 2, idle: Duration = .milliseconds(20),
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void
) async throws -> AbandonedMemory {
    let search = try AbandonedMemorySearch(repetitions: repetitions)
    defer { search.end() }
    for _ in 0..<warmUp { try await body() }
    memscope_forget_stack(StaleStack.bytes)
    try search.begin()
    for _ in 0..<repetitions {
        try await body()
        try search.note()
    }
    try await Task.sleep(for: idle)
    memscope_forget_stack(StaleStack.bytes)
    return try search.finish()
}

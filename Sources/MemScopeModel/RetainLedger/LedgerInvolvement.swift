/// How many threads and tasks retained or released something.
public struct LedgerInvolvement: Sendable, Equatable {
    /// Threads.
    public var threads = 0
    /// Whether there may have been more.
    public var hasMoreThreads = false
    /// Tasks.
    public var tasks = 0
    /// Whether there may have been more.
    public var hasMoreTasks = false

    /// Creates an involvement of nobody.
    public init() {}
}

/// A stack, and who ran it.
public struct LedgerPlace: Sendable, Hashable {
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Index into ``HeapSnapshot/threads``.
    public var thread: Int
    /// The low half of the task's number, `nil` outside of tasks.
    public var task: UInt32?

    /// Creates a place.
    public init(site: Int, thread: Int, task: UInt32? = nil) {
        self.site = site
        self.thread = thread
        self.task = task
    }
}

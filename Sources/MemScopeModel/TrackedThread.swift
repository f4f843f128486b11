/// A thread that allocated or freed at least once while tracking was on.
public struct TrackedThread: Sendable, Equatable {
    /// The kernel's thread id. The kernel reuses these; the position in ``HeapSnapshot/threads`` is the identity.
    public var tid: Int
    /// The name last seen, at most 15 characters.
    public var name: String
    /// Whether the thread had ended when the snapshot was taken.
    public var hasExited: Bool
    /// The most bytes that were live at a time of what it allocated.
    public var peakBytes: UInt64

    /// Creates a thread.
    public init(tid: Int, name: String, hasExited: Bool, peakBytes: UInt64 = 0) {
        self.tid = tid
        self.name = name
        self.hasExited = hasExited
        self.peakBytes = peakBytes
    }
}

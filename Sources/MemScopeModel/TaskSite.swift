/// Tasks that were created with the same stack, in the same way.
public struct TaskSite: Sendable, Equatable {
    /// How a task comes to be.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// By `Task { }` or `Task.detached`.
        case unstructured = 1
        /// As a task group's child.
        case groupChild = 2
        /// By `async let`. Its node is that of its nearest ancestor that has memory of its own.
        case asyncLet = 3
    }

    /// Index into ``HeapSnapshot/nodes`` of the stack that created them; 0 when it is not known.
    public var node: Int
    /// How they were created.
    public var kind: Kind
    /// Tasks that are there, by what they do.
    public var there = TaskStates()
    /// Tasks that allocated and are gone.
    public var finished: UInt64 = 0
    /// From the first event to the end of each of those, summed, in milliseconds.
    public var finishedMilliseconds: UInt64 = 0
    /// The most that one of those held at a time, in bytes.
    public var largestPeakBytes: UInt64 = 0
    /// The most that one of those allocated, in bytes.
    public var largestAllocatedBytes: UInt64 = 0

    /// Creates a site without tasks.
    public init(node: Int, kind: Kind) {
        self.node = node
        self.kind = kind
    }
}

/// What was allocated and freed on behalf of one context during a note.
public struct OwnerChange: Sendable, Equatable {
    /// Index into ``HeapSnapshot/contexts``; `nil` for those that found no room of their own.
    public var context: Int?
    /// Blocks allocated.
    public var allocations: UInt64
    /// Blocks freed, whenever they had been allocated, and whoever freed them.
    public var frees: UInt64
    /// Bytes of those allocated.
    public var allocatedBytes: UInt64
    /// Bytes of those freed.
    public var freedBytes: UInt64

    /// Creates a change.
    public init(context: Int?, allocations: UInt64, frees: UInt64, allocatedBytes: UInt64, freedBytes: UInt64) {
        self.context = context
        self.allocations = allocations
        self.frees = frees
        self.allocatedBytes = allocatedBytes
        self.freedBytes = freedBytes
    }
}

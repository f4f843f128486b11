/// Blocks that one thread allocated and another freed.
public struct ThreadHandover: Sendable, Equatable {
    /// Index into ``HeapSnapshot/threads``.
    public var allocatedBy: Int
    /// Index into ``HeapSnapshot/threads``.
    public var freedBy: Int
    /// Number of blocks.
    public var frees: UInt64
    /// Their bytes.
    public var bytes: UInt64

    /// Creates a handover.
    public init(allocatedBy: Int, freedBy: Int, frees: UInt64, bytes: UInt64) {
        self.allocatedBy = allocatedBy
        self.freedBy = freedBy
        self.frees = frees
        self.bytes = bytes
    }
}

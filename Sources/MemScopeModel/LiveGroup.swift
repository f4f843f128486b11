/// Live blocks of one site, one context and one type, counted by a pass over the live heap.
public struct LiveGroup: Sendable, Equatable {
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Index into ``HeapSnapshot/contexts``.
    public var context: Int
    /// Index into ``HeapSnapshot/types``, if the blocks were recognised.
    public var type: Int?
    /// Number of blocks.
    public var blocks: UInt64
    /// Requested bytes.
    public var bytes: UInt64

    /// Creates a group.
    public init(site: Int, context: Int, type: Int?, blocks: UInt64, bytes: UInt64) {
        self.site = site
        self.context = context
        self.type = type
        self.blocks = blocks
        self.bytes = bytes
    }
}

/// Everything allocated with one stack and one size: a leaf of the call trie with its totals.
public struct AllocationSite: Sendable, Equatable {
    /// Index into ``HeapSnapshot/nodes`` of the innermost frame.
    public var node: Int
    /// The requested size in bytes; for a site of mixed sizes, the upper bound of its size class.
    public var size: UInt64
    /// Index into ``HeapSnapshot/types`` of what is usually allocated here, if it was recognised at a free.
    public var type: Int?
    /// Index into ``HeapSnapshot/modules`` of the module that allocates here, see ``Custody``; `nil` if nobody asked, or if
    /// only runtimes do.
    public var module: Int?
    /// Whether blocks of several sizes (of one power of two) share this site. Byte totals are exact all the same.
    public var hasMixedSizes: Bool
    /// Whether some frames of the stack were lost: too deep, or not unwindable.
    public var isTruncated: Bool
    /// Whether it was asked which module allocates here, and could not be told.
    public var hasUnknownModule = false
    /// Blocks allocated.
    public var allocations: UInt64
    /// Blocks freed.
    public var frees: UInt64
    /// Blocks freed by the thread that allocated them with no other allocation of that thread in between.
    public var temporaries: UInt64
    /// Bytes requested by all allocations.
    public var allocatedBytes: UInt64
    /// Bytes of all blocks freed.
    public var freedBytes: UInt64
    /// Blocks live when the heap was at its peak.
    public var peakBlocks: UInt64
    /// Bytes live when the heap was at its peak.
    public var peakBytes: UInt64

    /// Creates a site.
    public init(
        node: Int, size: UInt64, hasMixedSizes: Bool = false, isTruncated: Bool = false, type: Int? = nil,
        module: Int? = nil, allocations: UInt64 = 0, frees: UInt64 = 0, temporaries: UInt64 = 0,
        allocatedBytes: UInt64 = 0,
        freedBytes: UInt64 = 0, peakBlocks: UInt64 = 0, peakBytes: UInt64 = 0
    ) {
        self.node = node
        self.size = size
        self.hasMixedSizes = hasMixedSizes
        self.isTruncated = isTruncated
        self.type = type
        self.module = module
        self.allocations = allocations
        self.frees = frees
        self.temporaries = temporaries
        self.allocatedBytes = allocatedBytes
        self.freedBytes = freedBytes
        self.peakBlocks = peakBlocks
        self.peakBytes = peakBytes
    }

    /// Blocks allocated and not freed.
    public var liveBlocks: UInt64 { allocations - frees }
    /// Bytes allocated and not freed.
    public var liveBytes: UInt64 { allocatedBytes - freedBytes }
}

/// What one site allocated and freed during a note.
public struct SiteChange: Sendable, Equatable {
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Blocks allocated.
    public var allocations: UInt64
    /// Blocks freed, whenever they had been allocated.
    public var frees: UInt64
    /// Bytes of those allocated.
    public var allocatedBytes: UInt64
    /// Bytes of those freed.
    public var freedBytes: UInt64

    /// Creates a change.
    public init(site: Int, allocations: UInt64, frees: UInt64, allocatedBytes: UInt64, freedBytes: UInt64) {
        self.site = site
        self.allocations = allocations
        self.frees = frees
        self.allocatedBytes = allocatedBytes
        self.freedBytes = freedBytes
    }

    /// Creates a change of a site whose blocks are all of one size.
    public init(site: Int, size: UInt64, allocations: UInt64, frees: UInt64) {
        self.init(
            site: site, allocations: allocations, frees: frees, allocatedBytes: allocations * size,
            freedBytes: frees * size)
    }
}

public import MemScopeModel

/// Blocks of which it was asked which module allocated them, and could not be told.
public struct UnplacedBlocks: Sendable, Equatable {
    /// All that were allocated.
    public private(set) var blocks: UInt64 = 0
    /// Their bytes.
    public private(set) var bytes: UInt64 = 0
    /// Those that are not freed.
    public private(set) var liveBlocks: UInt64 = 0
    /// The bytes of those.
    public private(set) var liveBytes: UInt64 = 0

    /// Sums over a snapshot's sites.
    public init(_ snapshot: HeapSnapshot) {
        for site in snapshot.sites where site.hasUnknownModule {
            blocks += site.allocations
            bytes += site.allocatedBytes
            liveBlocks += site.liveBlocks
            liveBytes += site.liveBytes
        }
    }
}

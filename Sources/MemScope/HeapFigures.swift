internal import MemScopeShim

/// The whole heap of the process in a few figures, all as of one instant.
///
/// ``MemoryTracker/figures`` gives the latest ones. Counts begin when tracking begins: what was allocated before is not
/// in them.
public struct HeapFigures: Sendable, Hashable {
    /// Blocks allocated so far.
    public let allocations: UInt64
    /// Of these, the ones that were freed.
    public let frees: UInt64
    /// Of the freed ones, those that their thread freed before it allocated anything else.
    public let temporaries: UInt64
    /// Bytes allocated so far, as they were asked for.
    public let allocatedBytes: UInt64
    /// Blocks that are allocated and not freed.
    public let liveBlocks: UInt64
    /// The bytes of the live blocks.
    public let liveBytes: UInt64
    /// The most bytes that were ever live. With several busy threads a lower bound, as in a report.
    public let peakBytes: UInt64
    /// The instant of the figures, as the time since tracking began.
    public let instant: Duration

    init(_ figures: memscope_figures) {
        allocations = figures.allocations
        frees = figures.frees
        temporaries = figures.temporaries
        allocatedBytes = figures.allocated_bytes
        liveBlocks = figures.live_blocks
        liveBytes = figures.live_bytes
        peakBytes = figures.peak_bytes
        instant = .nanoseconds(Int64(clamping: figures.time))
    }
}

/// Which figure an order or an export goes by.
package enum AllocationMetric: String, Sendable, CaseIterable {
    /// Bytes requested by all allocations.
    case allocatedBytes = "allocated-bytes"
    /// Blocks allocated.
    case allocations = "allocations"
    /// Bytes allocated and not freed.
    case liveBytes = "live-bytes"
    /// Blocks allocated and not freed.
    case liveBlocks = "live-blocks"
    /// Bytes live when the heap was largest.
    case peakBytes = "peak-bytes"
    /// Blocks live when the heap was largest.
    case peakBlocks = "peak-blocks"
    /// Bytes of blocks that lived only for a moment.
    case temporaryBytes = "temporary-bytes"
    /// Blocks that lived only for a moment.
    case temporaries = "temporaries"

    /// The figure.
    /// - Parameter totals: The totals to take it from.
    /// - Returns: Its value.
    package func value(of totals: AllocationTotals) -> UInt64 {
        switch self {
        case .allocatedBytes: totals.allocatedBytes
        case .allocations: totals.allocations
        case .liveBytes: totals.liveBytes
        case .liveBlocks: totals.liveBlocks
        case .peakBytes: totals.peakBytes
        case .peakBlocks: totals.peakBlocks
        case .temporaryBytes: totals.temporaryBytes
        case .temporaries: totals.temporaries
        }
    }
}

package import MemScopeAnalysis

extension Report {
    /// The figures of rows about stacks: also what was short-lived, and what was live at the peak.
    package struct StackFigures: Codable, Sendable, Equatable {
        /// Blocks allocated.
        package var allocations: UInt64 = 0
        /// Blocks freed.
        package var frees: UInt64 = 0
        /// Blocks freed by their thread with no other allocation of that thread in between.
        package var temporaries: UInt64 = 0
        /// Bytes of those; a mean for stacks with very many sizes.
        package var temporaryBytes: UInt64 = 0
        /// Bytes requested by all allocations.
        package var allocatedBytes: UInt64 = 0
        /// Blocks allocated and not freed.
        package var liveBlocks: UInt64 = 0
        /// Bytes allocated and not freed.
        package var liveBytes: UInt64 = 0
        /// Blocks live when the heap was largest.
        package var peakBlocks: UInt64 = 0
        /// Bytes live when the heap was largest.
        package var peakBytes: UInt64 = 0

        /// Creates figures that are all zero.
        package init() {}

        /// Creates figures from what the analysis found.
        /// - Parameter totals: The totals.
        package init(_ totals: AllocationTotals) {
            allocations = totals.allocations
            frees = totals.frees
            temporaries = totals.temporaries
            temporaryBytes = totals.temporaryBytes
            allocatedBytes = totals.allocatedBytes
            liveBlocks = totals.liveBlocks
            liveBytes = totals.liveBytes
            peakBlocks = totals.peakBlocks
            peakBytes = totals.peakBytes
        }
    }
}

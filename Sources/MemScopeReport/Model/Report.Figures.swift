package import MemScopeAnalysis

extension Report {
    /// The figures that every row about allocations carries. Their keys stand in the row itself.
    package struct Figures: Codable, Sendable, Equatable {
        /// Blocks allocated.
        package var allocations: UInt64 = 0
        /// Blocks freed.
        package var frees: UInt64 = 0
        /// Bytes requested by all allocations.
        package var allocatedBytes: UInt64 = 0
        /// Blocks allocated and not freed.
        package var liveBlocks: UInt64 = 0
        /// Bytes allocated and not freed.
        package var liveBytes: UInt64 = 0

        /// Creates figures that are all zero.
        package init() {}

        /// Creates figures from what the analysis found.
        /// - Parameter totals: The totals.
        package init(_ totals: AllocationTotals) {
            allocations = totals.allocations
            frees = totals.frees
            allocatedBytes = totals.allocatedBytes
            liveBlocks = totals.liveBlocks
            liveBytes = totals.liveBytes
        }
    }
}

extension Report {
    /// The process-wide totals.
    package struct Summary: Codable, Sendable, Equatable {
        /// Who holds most memory at the end, and what it is, in a sentence; empty if nothing lives.
        package var headline = ""
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// Blocks allocated.
        package var allocations: UInt64 = 0
        /// Blocks freed.
        package var frees: UInt64 = 0
        /// Blocks that lived only for a moment.
        package var temporaries: UInt64 = 0
        /// Bytes requested by all allocations.
        package var allocatedBytes: UInt64 = 0
        /// Blocks allocated and not freed.
        package var liveBlocks: UInt64 = 0
        /// Bytes allocated and not freed.
        package var liveBytes: UInt64 = 0
        /// Most bytes seen live at any cut.
        package var peakBytes: UInt64 = 0

        /// Creates an empty section.
        package init() {}
    }
}

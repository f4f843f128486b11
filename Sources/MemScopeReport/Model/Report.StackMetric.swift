extension Report {
    /// Which figure of a stack an export goes by. The raw values are what the command line takes.
    package enum StackMetric: String, Sendable, CaseIterable {
        /// Bytes allocated and not freed.
        case liveBytes = "live-bytes"
        /// Blocks allocated and not freed.
        case liveBlocks = "live-blocks"
        /// Bytes requested by all allocations.
        case allocatedBytes = "allocated-bytes"
        /// Blocks allocated.
        case allocations = "allocations"
        /// Bytes live when the heap was largest.
        case peakBytes = "peak-bytes"
        /// Blocks live when the heap was largest.
        case peakBlocks = "peak-blocks"
        /// Bytes of blocks that lived only for a moment.
        case temporaryBytes = "temporary-bytes"
        /// Blocks that lived only for a moment.
        case temporaries = "temporaries"

        /// The figure.
        /// - Parameter figures: The figures to take it from.
        /// - Returns: Its value.
        package func value(of figures: StackFigures) -> UInt64 {
            switch self {
            case .liveBytes: figures.liveBytes
            case .liveBlocks: figures.liveBlocks
            case .allocatedBytes: figures.allocatedBytes
            case .allocations: figures.allocations
            case .peakBytes: figures.peakBytes
            case .peakBlocks: figures.peakBlocks
            case .temporaryBytes: figures.temporaryBytes
            case .temporaries: figures.temporaries
            }
        }
    }
}

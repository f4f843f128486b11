extension Report {
    /// What was allocated outside of tasks on behalf of one dispatch queue.
    package struct QueueRow: Codable, Sendable, Equatable {
        /// The queue's label.
        package var label: String
        /// Blocks that lived only for a moment.
        package var temporaries: UInt64
        /// Blocks allocated.
        package var allocations: UInt64
        /// Blocks freed.
        package var frees: UInt64
        /// Bytes requested by all allocations.
        package var allocatedBytes: UInt64
        /// Blocks allocated and not freed.
        package var liveBlocks: UInt64
        /// Bytes allocated and not freed.
        package var liveBytes: UInt64
        /// How far the figures can be trusted.
        package var accuracy: Accuracy
    }
}

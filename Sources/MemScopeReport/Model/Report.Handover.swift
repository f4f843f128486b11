extension Report {
    /// Blocks that one thread allocated and another freed.
    package struct Handover: Codable, Sendable, Equatable {
        /// Index into ``Report/threads``.
        package var allocatedBy: Int
        /// Index into ``Report/threads``.
        package var freedBy: Int
        /// Number of blocks.
        package var frees: UInt64
        /// Their bytes.
        package var bytes: UInt64
        /// How far the figures can be trusted.
        package var accuracy: Accuracy
    }
}

extension Report {
    /// What the program calls some values, by a call of `tracked`.
    package struct TrackedRow: Codable, Sendable, Equatable {
        /// The name.
        package var name: String
        /// The file of the call.
        package var file: String
        /// The line of the call.
        package var line: Int
        /// Blocks that got the name.
        package var blocks: UInt64
        /// Those that are live.
        package var liveBlocks: UInt64
        /// Those that were freed.
        package var freedBlocks: UInt64
        /// How far the figures can be trusted: `estimated` if names found no room.
        package var accuracy: Accuracy
    }
}

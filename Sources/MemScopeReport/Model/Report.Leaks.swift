extension Report {
    /// Live blocks that nothing refers to any more.
    package struct Leaks: Sendable, Equatable {
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// Number of blocks; `nil` if no scan took place.
        package var blocks: UInt64?
        /// Bytes of those blocks; `nil` if no scan took place.
        package var bytes: UInt64?
        /// The blocks by type and place.
        package var groups: [Group] = []

        /// Creates an empty section.
        package init() {}

        /// Leaked blocks of one type from one place.
        package struct Group: Codable, Sendable, Equatable {
            /// The type's name, `untyped` if it was not recognised.
            package var type: String
            /// Number of blocks.
            package var blocks: UInt64
            /// Bytes of those blocks.
            package var bytes: UInt64
            /// Index into ``CallTree/nodes`` of where they were allocated, -1 if that was left out.
            package var node: Int
            /// How far the figures can be trusted.
            package var accuracy: Accuracy

            /// Creates a group.
            package init(type: String, blocks: UInt64, bytes: UInt64, node: Int, accuracy: Accuracy = .exact) {
                self.type = type
                self.blocks = blocks
                self.bytes = bytes
                self.node = node
                self.accuracy = accuracy
            }
        }
    }
}

extension Report.Leaks: Codable {
    private enum CodingKeys: CodingKey {
        case accuracy, blocks, bytes, groups
    }

    // Written out so that a scan that never took place reads `null` and not as a missing key, let alone as 0.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(blocks, forKey: .blocks)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(groups, forKey: .groups)
    }
}

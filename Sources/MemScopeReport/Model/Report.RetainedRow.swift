extension Report {
    /// Blocks that a leak or a cycle alone keeps, of one type and kept by the same property: a row of a tree.
    package struct RetainedRow: Sendable, Equatable {
        /// Index of the row of what keeps these, smaller than the row's own; -1 for the first row, which is the finding itself.
        package var parent: Int
        /// The type's name, `untyped` if it was not recognised; of a cycle that of the object by which it is held.
        package var type: String
        /// Whether they are cycles, each counted with all its objects.
        package var isCycle: Bool
        /// The reference by which the row above keeps them: `Cache.entries`. `nil` where it takes several, where no property is known, and for
        /// the first row.
        package var field: String?
        /// Number of blocks.
        package var blocks: UInt64
        /// Bytes of those blocks.
        package var bytes: UInt64
        /// The same, and bytes of all that they keep: of the rows below, and of what is not listed.
        package var retainedBytes: UInt64
        /// Blocks below that are not listed.
        package var leftOutBlocks: UInt64
        /// Bytes of those.
        package var leftOutBytes: UInt64
    }
}

extension Report.RetainedRow: Codable {
    private enum CodingKeys: CodingKey {
        case parent, type, isCycle, field, blocks, bytes, retainedBytes, leftOutBlocks, leftOutBytes
    }

    // Written out, so that what is not known reads `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(parent, forKey: .parent)
        try container.encode(type, forKey: .type)
        try container.encode(isCycle, forKey: .isCycle)
        try container.encode(field, forKey: .field)
        try container.encode(blocks, forKey: .blocks)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(retainedBytes, forKey: .retainedBytes)
        try container.encode(leftOutBlocks, forKey: .leftOutBlocks)
        try container.encode(leftOutBytes, forKey: .leftOutBytes)
    }
}

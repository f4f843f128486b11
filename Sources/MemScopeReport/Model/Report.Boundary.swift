extension Report {
    /// Blocks that one module allocated and another freed, or nobody.
    package struct Boundary: Sendable, Equatable {
        /// The file name of the module that allocated them.
        package var allocatedIn: String
        /// The file name of the module that freed them, `nil` for those that are not freed.
        package var freedIn: String?
        /// Number of blocks.
        package var blocks: UInt64
        /// Their bytes.
        package var bytes: UInt64
        /// The function and the line that allocated most of the bytes; its keys stand in the row.
        package var frame: Frame
        /// Index into ``CallTree/nodes`` of that place, -1 if it was left out.
        package var node: Int
        /// How far the figures can be trusted.
        package var accuracy: Accuracy
    }
}

extension Report.Boundary: Codable {
    private enum CodingKeys: CodingKey {
        case allocatedIn, freedIn, blocks, bytes, node, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        allocatedIn = try container.decode(String.self, forKey: .allocatedIn)
        freedIn = try container.decode(String?.self, forKey: .freedIn)
        blocks = try container.decode(UInt64.self, forKey: .blocks)
        bytes = try container.decode(UInt64.self, forKey: .bytes)
        node = try container.decode(Int.self, forKey: .node)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        frame = try Report.Frame(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(allocatedIn, forKey: .allocatedIn)
        try container.encode(freedIn, forKey: .freedIn)
        try container.encode(blocks, forKey: .blocks)
        try container.encode(bytes, forKey: .bytes)
        try frame.encode(to: encoder)
        try container.encode(node, forKey: .node)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

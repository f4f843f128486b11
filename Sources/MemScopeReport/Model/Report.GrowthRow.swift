extension Report {
    /// A line of the program, or a type, whose memory grew, and what is to be thought of it.
    package struct GrowthRow: Sendable, Equatable {
        /// `callSite` or `type`.
        package var kind: String
        /// The type's name; empty for a call site.
        package var name: String
        /// The function and the line; empty for a type.
        package var frame: Frame
        /// Index into ``CallTree/nodes`` of the place where most of it was allocated, -1 if that was left out.
        package var node: Int
        /// `leak`, `unbounded`, `bounded` or `warmingUp`.
        package var verdict: String
        /// Always inferred.
        package var accuracy = Accuracy.inferred
        /// How sure the verdict is, from 0 to 1.
        package var confidence: Double
        /// What the verdict rests on, in a sentence or two.
        package var reason: String
        /// How fast live bytes grew from the first sample to the last.
        package var bytesPerSecond: Double
        /// How fast live blocks grew.
        package var blocksPerSecond: Double
        /// Live bytes at the end of each of ``Timeline/intervals``.
        package var bytes: [UInt64]
        /// Live blocks at the end of each of ``Timeline/intervals``.
        package var blocks: [UInt64]
    }
}

extension Report.GrowthRow: Codable {
    private enum CodingKeys: CodingKey {
        case kind, name, node, verdict, accuracy, confidence, reason, bytesPerSecond, blocksPerSecond, bytes, blocks
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decode(String.self, forKey: .kind)
        name = try container.decode(String.self, forKey: .name)
        frame = try Report.Frame(from: decoder)
        node = try container.decode(Int.self, forKey: .node)
        verdict = try container.decode(String.self, forKey: .verdict)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        confidence = try container.decode(Double.self, forKey: .confidence)
        reason = try container.decode(String.self, forKey: .reason)
        bytesPerSecond = try container.decode(Double.self, forKey: .bytesPerSecond)
        blocksPerSecond = try container.decode(Double.self, forKey: .blocksPerSecond)
        bytes = try container.decode([UInt64].self, forKey: .bytes)
        blocks = try container.decode([UInt64].self, forKey: .blocks)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(name, forKey: .name)
        try frame.encode(to: encoder)
        try container.encode(node, forKey: .node)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(reason, forKey: .reason)
        try container.encode(bytesPerSecond, forKey: .bytesPerSecond)
        try container.encode(blocksPerSecond, forKey: .blocksPerSecond)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(blocks, forKey: .blocks)
    }
}

extension Report {
    /// Something that was concluded rather than seen.
    package struct Inference: Sendable, Equatable {
        /// What is concluded.
        package enum Kind: String, Codable, Sendable, CaseIterable {
            /// Storage is copied again and again and could be changed in place.
            case copyOnWriteStorm
            /// A class whose objects are never shared could be a `struct`.
            case couldBeStruct
        }

        /// What is concluded.
        package var kind: Kind
        /// Always inferred.
        package var accuracy = Accuracy.inferred
        /// How sure it is, from 0 to 1; `Docs/inferences.md` says what that meant where the truth is known.
        package var confidence: Double
        /// The conclusion and what to do, in a sentence or two.
        package var text: String
        /// The type that it is about, `nil` if that is not known.
        package var type: String?
        /// Copies, or objects.
        package var count: UInt64
        /// Their bytes.
        package var bytes: UInt64
        /// The function and the line that it is about; its keys stand in the row.
        package var frame: Frame
        /// Index into ``CallTree/nodes`` of that place, -1 if it was left out.
        package var node: Int
    }
}

extension Report.Inference: Codable {
    private enum CodingKeys: CodingKey {
        case kind, accuracy, confidence, text, type, count, bytes, node
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decode(Kind.self, forKey: .kind)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        confidence = try container.decode(Double.self, forKey: .confidence)
        text = try container.decode(String.self, forKey: .text)
        type = try container.decode(String?.self, forKey: .type)
        count = try container.decode(UInt64.self, forKey: .count)
        bytes = try container.decode(UInt64.self, forKey: .bytes)
        node = try container.decode(Int.self, forKey: .node)
        frame = try Report.Frame(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(text, forKey: .text)
        try container.encode(type, forKey: .type)
        try container.encode(count, forKey: .count)
        try container.encode(bytes, forKey: .bytes)
        try frame.encode(to: encoder)
        try container.encode(node, forKey: .node)
    }
}

extension Report {
    /// What was allocated of one type.
    package struct TypeRow: Sendable, Equatable {
        /// The type's full name, `untyped` for blocks that were not recognised.
        package var name: String
        /// `class`, `closure`, `box`, `error`, `array`, `dictionary`, `set`, `string`, `task`, `job`, `slab`, `actor`, `sideTable`, `cxx`,
        /// `metadata`, or `raw`.
        package var kind: String
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How long ago its live blocks were allocated, on average; `nil` if there are none, or it cannot be told.
        package var averageAgeSeconds: Double?
        /// Bytes of arrays, dictionaries, sets and strings that its blocks alone refer to; `nil` without the whole graph.
        package var chargedBytes: UInt64?
        /// Live bytes against the capture before in the same process; `nil` at the first.
        package var growthBytes: Int64?
        /// Why one of its objects is alive; `null` without the whole graph, and for all but the largest types.
        package var retainerPath: RetainerPath?
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            name: String, kind: String, figures: Figures, retainerPath: RetainerPath? = nil,
            accuracy: Accuracy = .exact
        ) {
            self.name = name
            self.kind = kind
            self.figures = figures
            self.retainerPath = retainerPath
            self.accuracy = accuracy
        }
    }
}

extension Report.TypeRow: Codable {
    private enum CodingKeys: CodingKey {
        case name, kind, averageAgeSeconds, chargedBytes, growthBytes, retainerPath, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        kind = try container.decode(String.self, forKey: .kind)
        averageAgeSeconds = try container.decodeIfPresent(Double.self, forKey: .averageAgeSeconds)
        chargedBytes = try container.decodeIfPresent(UInt64.self, forKey: .chargedBytes)
        growthBytes = try container.decodeIfPresent(Int64.self, forKey: .growthBytes)
        retainerPath = try container.decodeIfPresent(Report.RetainerPath.self, forKey: .retainerPath)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(kind, forKey: .kind)
        try figures.encode(to: encoder)
        try container.encode(averageAgeSeconds, forKey: .averageAgeSeconds)
        try container.encode(chargedBytes, forKey: .chargedBytes)
        try container.encode(growthBytes, forKey: .growthBytes)
        try container.encode(retainerPath, forKey: .retainerPath)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

extension Report {
    /// What was allocated of one type.
    package struct TypeRow: Sendable, Equatable {
        /// The type's full name, `untyped` for blocks that were not recognised.
        package var name: String
        /// `class`, `closure`, `box`, `error`, `task`, `job`, `taskSlab`, or `untyped`.
        package var kind: String
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            name: String, kind: String, figures: Figures, accuracy: Accuracy = .exact
        ) {
            self.name = name
            self.kind = kind
            self.figures = figures
            self.accuracy = accuracy
        }
    }
}

extension Report.TypeRow: Codable {
    private enum CodingKeys: CodingKey {
        case name, kind, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        kind = try container.decode(String.self, forKey: .kind)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(kind, forKey: .kind)
        try figures.encode(to: encoder)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

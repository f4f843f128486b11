extension Report {
    /// What was allocated of one type.
    package struct TypeRow: Sendable, Equatable {
        /// The type's full name, `untyped` for blocks that were not recognised.
        package var name: String
        /// `class`, `closure`, `box`, `error`, `task`, `job`, `taskSlab`, or `untyped`.
        package var kind: String
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
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
        case name, kind, retainerPath, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        kind = try container.decode(String.self, forKey: .kind)
        retainerPath = try container.decode(Report.RetainerPath?.self, forKey: .retainerPath)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(kind, forKey: .kind)
        try figures.encode(to: encoder)
        try container.encode(retainerPath, forKey: .retainerPath)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

extension Report {
    /// What one task allocated.
    package struct TaskRow: Sendable, Equatable {
        /// The task's number.
        package var id: UInt64
        /// The task's name, or the function that created it.
        package var name: String
        /// Blocks that lived only for a moment.
        package var temporaries: UInt64
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            id: UInt64, name: String, temporaries: UInt64, figures: Figures, accuracy: Accuracy = .exact
        ) {
            self.id = id
            self.name = name
            self.temporaries = temporaries
            self.figures = figures
            self.accuracy = accuracy
        }
    }
}

extension Report.TaskRow: Codable {
    private enum CodingKeys: CodingKey {
        case id, name, temporaries, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(UInt64.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        temporaries = try container.decode(UInt64.self, forKey: .temporaries)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(temporaries, forKey: .temporaries)
        try figures.encode(to: encoder)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

extension Report {
    /// What was allocated of one range of sizes.
    package struct SizeRow: Sendable, Equatable {
        /// The smallest size of the range, in bytes.
        package var from: UInt64
        /// The largest size of the range, in bytes.
        package var to: UInt64
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            from: UInt64, to: UInt64, figures: Figures, accuracy: Accuracy = .exact
        ) {
            self.from = from
            self.to = to
            self.figures = figures
            self.accuracy = accuracy
        }
    }
}

extension Report.SizeRow: Codable {
    private enum CodingKeys: CodingKey {
        case from, to, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        from = try container.decode(UInt64.self, forKey: .from)
        to = try container.decode(UInt64.self, forKey: .to)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try figures.encode(to: encoder)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

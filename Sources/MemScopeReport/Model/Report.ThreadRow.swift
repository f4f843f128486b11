extension Report {
    /// What one thread allocated, whoever freed it.
    package struct ThreadRow: Sendable, Equatable {
        /// The thread's name.
        package var name: String
        /// The kernel's thread id.
        package var tid: Int
        /// Whether the thread had ended.
        package var hasExited: Bool
        /// Blocks that lived only for a moment.
        package var temporaries: UInt64
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            name: String, tid: Int, hasExited: Bool, temporaries: UInt64, figures: Figures, accuracy: Accuracy = .exact
        ) {
            self.name = name
            self.tid = tid
            self.hasExited = hasExited
            self.temporaries = temporaries
            self.figures = figures
            self.accuracy = accuracy
        }
    }
}

extension Report.ThreadRow: Codable {
    private enum CodingKeys: CodingKey {
        case name, tid, hasExited, temporaries, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        tid = try container.decode(Int.self, forKey: .tid)
        hasExited = try container.decode(Bool.self, forKey: .hasExited)
        temporaries = try container.decode(UInt64.self, forKey: .temporaries)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(tid, forKey: .tid)
        try container.encode(hasExited, forKey: .hasExited)
        try container.encode(temporaries, forKey: .temporaries)
        try figures.encode(to: encoder)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

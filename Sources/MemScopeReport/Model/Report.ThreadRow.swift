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
        /// The most that was live at a time of what it allocated, in bytes.
        package var peakBytes: UInt64
        /// Blocks of it that other threads freed.
        package var freedByOthers: UInt64
        /// Blocks of other threads that it freed.
        package var freedForOthers: UInt64
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            name: String, tid: Int, hasExited: Bool, temporaries: UInt64, peakBytes: UInt64 = 0,
            freedByOthers: UInt64 = 0, freedForOthers: UInt64 = 0, figures: Figures, accuracy: Accuracy = .exact
        ) {
            self.name = name
            self.tid = tid
            self.hasExited = hasExited
            self.temporaries = temporaries
            self.peakBytes = peakBytes
            self.freedByOthers = freedByOthers
            self.freedForOthers = freedForOthers
            self.figures = figures
            self.accuracy = accuracy
        }
    }
}

extension Report.ThreadRow: Codable {
    private enum CodingKeys: CodingKey {
        case name, tid, hasExited, temporaries, peakBytes, freedByOthers, freedForOthers, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        tid = try container.decode(Int.self, forKey: .tid)
        hasExited = try container.decode(Bool.self, forKey: .hasExited)
        temporaries = try container.decode(UInt64.self, forKey: .temporaries)
        peakBytes = try container.decode(UInt64.self, forKey: .peakBytes)
        freedByOthers = try container.decode(UInt64.self, forKey: .freedByOthers)
        freedForOthers = try container.decode(UInt64.self, forKey: .freedForOthers)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(tid, forKey: .tid)
        try container.encode(hasExited, forKey: .hasExited)
        try container.encode(temporaries, forKey: .temporaries)
        try container.encode(peakBytes, forKey: .peakBytes)
        try container.encode(freedByOthers, forKey: .freedByOthers)
        try container.encode(freedForOthers, forKey: .freedForOthers)
        try figures.encode(to: encoder)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

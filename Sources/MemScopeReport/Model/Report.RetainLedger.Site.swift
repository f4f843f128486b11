extension Report.RetainLedger {
    /// A line of the program that retains or releases, itself or by the runtime functions that it calls.
    package struct Site: Sendable, Equatable {
        /// The function and the line.
        package var frame: Report.Frame
        /// Retains recorded.
        package var retains: UInt64
        /// Releases recorded.
        package var releases: UInt64
        /// At least as many of both were in the busiest second.
        package var eventsPerSecond: UInt64
        /// Whether these are as many as ``Thresholds/stormEventsPerSecond`` says.
        package var isStorm: Bool
        /// Index into ``Report/CallTree/nodes`` of the place, or of the nearest caller that allocates; -1 for none.
        package var node: Int
        /// How far the figures can be trusted.
        package var accuracy: Report.Accuracy

        /// Creates a row.
        package init(
            frame: Report.Frame, retains: UInt64, releases: UInt64, eventsPerSecond: UInt64, isStorm: Bool, node: Int,
            accuracy: Report.Accuracy
        ) {
            self.frame = frame
            self.retains = retains
            self.releases = releases
            self.eventsPerSecond = eventsPerSecond
            self.isStorm = isStorm
            self.node = node
            self.accuracy = accuracy
        }
    }
}

extension Report.RetainLedger.Site: Codable {
    private enum CodingKeys: CodingKey {
        case retains, releases, eventsPerSecond, isStorm, node, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        retains = try container.decode(UInt64.self, forKey: .retains)
        releases = try container.decode(UInt64.self, forKey: .releases)
        eventsPerSecond = try container.decode(UInt64.self, forKey: .eventsPerSecond)
        isStorm = try container.decode(Bool.self, forKey: .isStorm)
        node = try container.decode(Int.self, forKey: .node)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        frame = try Report.Frame(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try frame.encode(to: encoder)
        try container.encode(retains, forKey: .retains)
        try container.encode(releases, forKey: .releases)
        try container.encode(eventsPerSecond, forKey: .eventsPerSecond)
        try container.encode(isStorm, forKey: .isStorm)
        try container.encode(node, forKey: .node)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

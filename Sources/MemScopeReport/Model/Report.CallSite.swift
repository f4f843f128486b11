extension Report {
    /// A line of the program with everything allocated on its behalf.
    ///
    /// Each stack counts once, for its first frame that belongs to the program rather than to a runtime.
    package struct CallSite: Sendable, Equatable {
        /// The function and the line.
        package var frame: Frame
        /// The figures of the stacks that count for it.
        package var figures: StackFigures
        /// How many distinct stacks those are.
        package var stacks: Int
        /// Index into ``CallTree/nodes`` of the place where most of it was allocated, -1 if that was left out.
        package var node: Int
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a call site.
        package init(frame: Frame, figures: StackFigures, stacks: Int, node: Int, accuracy: Accuracy = .exact) {
            self.frame = frame
            self.figures = figures
            self.stacks = stacks
            self.node = node
            self.accuracy = accuracy
        }
    }
}

extension Report.CallSite: Codable {
    private enum CodingKeys: CodingKey {
        case stacks, node, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        stacks = try container.decode(Int.self, forKey: .stacks)
        node = try container.decode(Int.self, forKey: .node)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        frame = try Report.Frame(from: decoder)
        figures = try Report.StackFigures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try frame.encode(to: encoder)
        try figures.encode(to: encoder)
        try container.encode(stacks, forKey: .stacks)
        try container.encode(node, forKey: .node)
        try container.encode(accuracy, forKey: .accuracy)
    }
}

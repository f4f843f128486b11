extension Report.CallTree {
    /// A function, at a line, below its caller.
    package struct Node: Sendable, Equatable {
        /// Index of the caller in ``Report/CallTree/nodes``, smaller than the node's own; -1 at the top.
        package var parent: Int
        /// The function and where it is.
        package var frame: Report.Frame
        /// How the node came to be below its parent.
        package var kind: Kind
        /// The figures of the node and everything below it; their keys stand in the node itself.
        package var figures: Report.StackFigures
        /// The children that were left out.
        package var pruned: Pruned?

        /// Creates a node.
        package init(
            parent: Int, frame: Report.Frame, kind: Kind, figures: Report.StackFigures, pruned: Pruned? = nil
        ) {
            self.parent = parent
            self.frame = frame
            self.kind = kind
            self.figures = figures
            self.pruned = pruned
        }

        /// How a node came to be below its parent.
        package enum Kind: String, Codable, Sendable, CaseIterable {
            /// An ordinary call.
            case frame
            /// An asynchronous caller: the node resumes when what is below it has finished.
            case async
            /// The place that created the task below.
            case creation
        }
    }
}

extension Report.CallTree.Node: Codable {
    private enum CodingKeys: CodingKey {
        case parent, kind, pruned
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        parent = try container.decode(Int.self, forKey: .parent)
        kind = try container.decode(Kind.self, forKey: .kind)
        pruned = try container.decodeIfPresent(Report.CallTree.Pruned.self, forKey: .pruned)
        frame = try Report.Frame(from: decoder)
        figures = try Report.StackFigures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(parent, forKey: .parent)
        try frame.encode(to: encoder)
        try container.encode(kind, forKey: .kind)
        try figures.encode(to: encoder)
        // Nearly all nodes have all their children, and there may be a hundred thousand: nothing is said then.
        if let pruned { try container.encode(pruned, forKey: .pruned) }
    }
}

extension Report {
    /// Leaked objects that keep each other alive.
    package struct Cycle: Codable, Sendable, Equatable {
        /// The objects of the cycle, in the order of the edges.
        package var members: [Member]
        /// The references, each from the member of the same index to the next; the last leads back to the first.
        package var edges: [Edge]
        /// How many cycles of this shape there are.
        package var instances: UInt64
        /// How many of these the search before in the same process had not found whole; `nil` at the first.
        package var newInstances: UInt64?
        /// Objects of the largest of them that refer to each other, those beside the shown way included.
        package var objects: Int
        /// Bytes that would be freed if the cycles were cut, each once.
        package var retainedBytes: UInt64
        /// Bytes of those that other cycles or leaks keep as well, because these cycles lie within what they keep.
        package var innerBytes: UInt64
        /// What they keep, as a tree.
        package var retained: [RetainedRow]
        /// Index into ``edges`` of the reference to make weak, -1 if no rule suggests one. Always inferred.
        package var suggestedEdge: Int
        /// What to do with it and why, empty if none is suggested.
        package var suggestion: String
        /// Other cycles of the same objects: as long as one of them is there, cutting the others frees nothing, or not all.
        package var further: [Further]
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// A reference from one member to the next.
        package struct Edge: Sendable, Equatable {
            /// The field, capture or slot that holds the reference.
            package var field: String
            /// Where in the object that is, in bytes.
            package var offset: Int
            /// The retain that made it, `nil` if the retain ledger was off or cannot tell it from others.
            package var createdBy: Creation?
        }

        /// Where a reference was made.
        package struct Creation: Sendable, Equatable {
            /// The stack that retained, or made the object; innermost first.
            package var stack: [Frame]
            /// The task's number, `nil` outside of tasks.
            package var task: UInt64?
        }
    }
}

extension Report.Cycle.Edge: Codable {
    private enum CodingKeys: CodingKey {
        case field, offset, createdBy
    }

    // Written out, so that what is not known reads `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(field, forKey: .field)
        try container.encode(offset, forKey: .offset)
        try container.encode(createdBy, forKey: .createdBy)
    }
}

extension Report.Cycle.Creation: Codable {
    private enum CodingKeys: CodingKey {
        case stack, task
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(stack, forKey: .stack)
        try container.encode(task, forKey: .task)
    }
}

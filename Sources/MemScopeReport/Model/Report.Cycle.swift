extension Report {
    /// Leaked objects that keep each other alive.
    package struct Cycle: Codable, Sendable, Equatable {
        /// The objects of the cycle, in the order of the edges.
        package var members: [Member]
        /// The references, each from the member of the same index to the next; the last leads back to the first.
        package var edges: [Edge]
        /// How many cycles of this shape there are.
        package var instances: UInt64
        /// Objects of the largest of them that refer to each other, those beside the shown way included.
        package var objects: Int
        /// Bytes that would be freed if the cycles were cut.
        package var retainedBytes: UInt64
        /// Index into ``edges`` of the reference to make weak, -1 if no rule suggests one. Always inferred.
        package var suggestedEdge: Int
        /// What to do with it and why, empty if none is suggested.
        package var suggestion: String
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// An object of the cycle.
        package struct Member: Codable, Sendable, Equatable {
            /// The type's name.
            package var type: String
            /// What the program calls it, if it does.
            package var name: String?
            /// The program's function that allocated it.
            package var function: String
            /// Its source file, empty if unknown.
            package var file: String
            /// The line, 0 if unknown.
            package var line: Int
            /// The address of one such object, in hexadecimal.
            package var address: String
        }

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

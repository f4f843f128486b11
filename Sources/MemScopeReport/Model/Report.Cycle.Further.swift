extension Report.Cycle {
    /// Another way in which objects of the cycle hold each other, and which is left when what was suggested before is done.
    package struct Further: Codable, Sendable, Equatable {
        /// The objects, in the order of the edges.
        package var members: [Member]
        /// The references, each from the member of the same index to the next; the last leads back to the first.
        package var edges: [Edge]
        /// Index into ``edges`` of the reference to make weak as well, -1 if no rule suggests one. Always inferred.
        package var suggestedEdge: Int
        /// What to do with it and why, empty if none is suggested.
        package var suggestion: String
    }

    /// The references of a way as text: `Session.onClose (closure #1 in Session.init(id:), Session.swift:42)`, and so on.
    package static func references(_ members: [Member], _ edges: [Edge]) -> [String] {
        members.indices.map { index in
            "\(members[index].type).\(edges[index].field)\(members[(index + 1) % members.count].closureText)"
        }
    }
}

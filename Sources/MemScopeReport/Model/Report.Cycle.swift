extension Report {
    /// Leaked objects that keep each other alive.
    package struct Cycle: Codable, Sendable, Equatable {
        /// The objects of the cycle, in the order of the edges.
        package var members: [Member]
        /// The references; the last leads back to the first member.
        package var edges: [Edge]
        /// How many cycles of this shape there are.
        package var instances: UInt64
        /// Bytes that would be freed if the cycles were cut.
        package var retainedBytes: UInt64
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// An object of the cycle.
        package struct Member: Codable, Sendable, Equatable {
            /// The type's name.
            package var type: String
        }

        /// A reference from one member to the next.
        package struct Edge: Codable, Sendable, Equatable {
            /// The field, capture or slot that holds the reference.
            package var field: String
        }
    }
}

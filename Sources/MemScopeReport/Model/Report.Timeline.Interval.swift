extension Report.Timeline {
    /// What was allocated and freed in a stretch of time.
    package struct Interval: Codable, Sendable, Equatable {
        /// When it ends, in nanoseconds since tracking began. It begins where the one before ends.
        package var endNanoseconds: UInt64
        /// The name that the program gave its end, `nil` if none.
        package var mark: String?
        /// What changed where.
        package var changes: [Change]
        /// The same by allocating thread, by scope itself, by the place that created the task, by dispatch queue outside of tasks, and by type.
        /// -1 is what belongs to no row of the section. Empty where it was not kept.
        package var threads: [Change] = []
        package var scopes: [Change] = []
        package var taskSites: [Change] = []
        package var queues: [Change] = []
        package var types: [Change] = []

        /// What the stacks that end in a call tree node, or in what was left out below it, allocated and freed.
        package struct Change: Sendable, Equatable {
            /// Index into ``Report/CallTree/nodes``, -1 for what was left out at the top; in the other lists index into their section.
            package var node: Int
            /// Blocks allocated, and their bytes.
            package var allocations: UInt64
            package var allocatedBytes: UInt64
            /// Blocks freed, whenever they had been allocated, and their bytes.
            package var frees: UInt64
            package var freedBytes: UInt64
        }
    }
}

/// Five numbers in an array: there may be many thousands.
extension Report.Timeline.Interval.Change: Codable {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        node = try container.decode(Int.self)
        allocations = try container.decode(UInt64.self)
        allocatedBytes = try container.decode(UInt64.self)
        frees = try container.decode(UInt64.self)
        freedBytes = try container.decode(UInt64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(node)
        for figure in [allocations, allocatedBytes, frees, freedBytes] { try container.encode(figure) }
    }
}

extension Report.Timeline.Interval {
    /// Renumbers the nodes; what falls on the same node becomes one.
    mutating func mapNodes(_ map: (Int) -> Int) {
        var places: [Int: Int] = [:]
        var result: [Change] = []
        for var change in changes {
            change.node = map(change.node)
            guard let place = places[change.node] else {
                places[change.node] = result.count
                result.append(change)
                continue
            }
            result[place].allocations += change.allocations
            result[place].allocatedBytes += change.allocatedBytes
            result[place].frees += change.frees
            result[place].freedBytes += change.freedBytes
        }
        changes = result
    }
}

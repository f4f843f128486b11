package import MemScopeModel

/// What was allocated outside of tasks on behalf of one dispatch queue.
package struct QueueTotals: Sendable, Equatable {
    /// The queue's label.
    package var label: String
    /// What was allocated.
    package var totals: AllocationTotals

    /// Sums the contexts by queue, in the order of labels; what belongs to no queue is left out.
    /// - Parameter snapshot: The snapshot.
    /// - Returns: One entry for each label that occurs.
    package static func all(of snapshot: HeapSnapshot) -> [QueueTotals] {
        var totals: [String: AllocationTotals] = [:]
        for context in snapshot.contexts where !context.queue.isEmpty {
            totals[context.queue, default: AllocationTotals()] += AllocationTotals(context)
        }
        return totals.sorted { $0.key < $1.key }.map { QueueTotals(label: $0.key, totals: $0.value) }
    }
}

package import MemScopeModel

/// What each thread allocated; frees are charged to the thread that allocated the block.
package struct ThreadTotals: Sendable, Equatable {
    /// One entry for each of ``HeapSnapshot/threads``.
    package private(set) var threads: [AllocationTotals]

    /// Sums the contexts by thread.
    /// - Parameter snapshot: The snapshot.
    package init(_ snapshot: HeapSnapshot) {
        threads = [AllocationTotals](repeating: AllocationTotals(), count: snapshot.threads.count)
        for context in snapshot.contexts { threads[context.thread] += AllocationTotals(context) }
    }
}

package import MemScopeModel

/// The totals of each node of the call trie, what is below it included.
package struct CallTreeTotals: Sendable, Equatable {
    /// One entry for each of ``HeapSnapshot/nodes``.
    package private(set) var nodes: [AllocationTotals]

    /// Sums the sites up the trie, in time linear in sites and nodes.
    /// - Parameter snapshot: The snapshot whose trie is summed.
    package init(_ snapshot: HeapSnapshot) {
        nodes = [AllocationTotals](repeating: AllocationTotals(), count: snapshot.nodes.count)
        nodes.withUnsafeMutableBufferPointer { totals in
            for site in snapshot.sites { totals[site.node] += AllocationTotals(site) }
            snapshot.nodes.withUnsafeBufferPointer { tree in
                // A parent precedes its children, so going backwards meets each node after all that is below it.
                var node = totals.count - 1
                while node > 0 {
                    totals[tree[node].parent] += totals[node]
                    node -= 1
                }
            }
        }
    }
}

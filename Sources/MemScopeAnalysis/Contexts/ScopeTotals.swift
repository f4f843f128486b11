package import MemScopeModel

/// What was allocated in each scope.
package struct ScopeTotals: Sendable, Equatable {
    /// What was allocated in a scope and in no scope inside it; one entry for each of ``HeapSnapshot/scopes``.
    package private(set) var own: [AllocationTotals]
    /// What was allocated in a scope, the scopes inside it included; one entry for each of ``HeapSnapshot/scopes``.
    package private(set) var inclusive: [AllocationTotals]

    /// Sums the contexts by scope, and the scopes up their tree.
    /// - Parameter snapshot: The snapshot.
    package init(_ snapshot: HeapSnapshot) {
        own = [AllocationTotals](repeating: AllocationTotals(), count: snapshot.scopes.count)
        for context in snapshot.contexts {
            if let scope = context.scope { own[scope] += AllocationTotals(context) }
        }
        inclusive = own
        // A parent precedes its children.
        for (index, scope) in snapshot.scopes.enumerated().reversed() {
            if let parent = scope.parent { inclusive[parent] += inclusive[index] }
        }
    }
}

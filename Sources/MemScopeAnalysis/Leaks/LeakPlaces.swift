package import MemScopeModel

/// What rows of leaks tell apart: of stacks and closures that look the same to a reader, the first stands for all.
package struct LeakPlaces: Sendable {
    /// By site: index into ``HeapSnapshot/nodes`` of the stack that stands for its own.
    let node: [Int]
    /// By closure, indices as in ``ObjectGraph/closures``: the one that stands for it, -1 for code that is no closure.
    let closure: [Int32]

    /// Tells all addresses apart, as where nothing has a name.
    package init(_ snapshot: HeapSnapshot) {
        node = snapshot.sites.map(\.node)
        closure = snapshot.graph.closures.indices.map { Int32($0) }
    }

    /// Tells apart what is shown differently. Linear in nodes, sites and closures.
    /// - Parameters:
    ///   - snapshot: Whose sites.
    ///   - shown: For each of the snapshot's nodes what it is shown as; nodes with the same number look the same. No number is below 0.
    ///   - closures: As ``closure``.
    package init(_ snapshot: HeapSnapshot, shownAs shown: [Int32], closures: [Int32]) {
        var first = [Int32](repeating: -1, count: Int(shown.max() ?? -1) + 1)
        for index in shown.indices.reversed() { first[Int(shown[index])] = Int32(index) }
        node = snapshot.sites.map { Int(first[Int(shown[$0.node])]) }
        closure = closures
    }
}

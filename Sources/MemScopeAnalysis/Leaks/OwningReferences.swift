package import MemScopeModel

/// Which references between blocks own what they lead to, as far as the properties that hold them tell.
///
/// The search for leaks cannot tell an `unowned` or unmanaged reference from a strong one by its word, and follows both; the property's type can.
package struct OwningReferences: Sendable {
    private let graph: ObjectGraph
    /// The types that hold something without owning it.
    private let types: Set<Int>

    /// Reads the types' fields. Linear in these.
    package init(_ graph: ObjectGraph) {
        self.graph = graph
        types = Set(graph.fields.lazy.filter { $0.ownership != .strong }.map(\.type))
    }

    /// Whether a reference keeps its target alive: not if it is weak, unowned or unmanaged.
    /// - Parameters:
    ///   - edge: One of the references of a block.
    ///   - holder: The block, an index into ``ObjectGraph/blocks``.
    /// - Returns: Whether the property or capture that holds the reference owns its target.
    package func contains(_ edge: GraphEdge, of holder: Int) -> Bool {
        guard edge.kind == .strong else { return false }
        guard !types.isEmpty, let type = graph.blocks[holder].type, types.contains(type) else { return true }
        return graph.field(of: type, at: edge.offset)?.field.ownership ?? .strong == .strong
    }
}

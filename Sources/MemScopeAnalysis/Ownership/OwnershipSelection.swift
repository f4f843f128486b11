package import MemScopeModel

/// Which blocks an account of ownership is about.
package enum OwnershipSelection: Sendable, Equatable {
    /// Whatever keeps most.
    case largest
    /// Blocks of the types with this in their names; a type of exactly this name goes before.
    case type(String)
    /// Blocks allocated in scopes of this name, and in scopes inside of them.
    case scope(String)

    /// Reads a selection: a part of a type's name, or `scope:NAME`.
    package init(_ text: String) {
        let prefix = "scope:"
        self = text.hasPrefix(prefix) ? .scope(String(text.dropFirst(prefix.count))) : .type(text)
    }

    /// The selection as ``init(_:)`` reads it; `largest` for what keeps most.
    package var text: String {
        switch self {
        case .largest: "largest"
        case .type(let name): name
        case .scope(let name): "scope:\(name)"
        }
    }

    /// Whether the snapshot knows of the type or the scope at all.
    package func isKnown(in snapshot: HeapSnapshot) -> Bool {
        switch self {
        case .largest: true
        case .type(let name): snapshot.types.contains { $0.name.contains(name) }
        case .scope(let name): snapshot.scopes.contains { $0.name == name }
        }
    }

    /// Which blocks are selected.
    /// - Parameter snapshot: Whose blocks.
    /// - Returns: A test of a block; `nil` if all are.
    package func test(in snapshot: HeapSnapshot) -> ((GraphBlock) -> Bool)? {
        switch self {
        case .largest: return nil
        case .type(let name):
            // The type itself goes before those that have it in their names, such as arrays of it.
            var isMatch = snapshot.types.map { $0.name == name || $0.name.hasSuffix(".\(name)") }
            if !isMatch.contains(true) { isMatch = snapshot.types.map { $0.name.contains(name) } }
            return { $0.type.map { isMatch[$0] } ?? false }
        case .scope(let name):
            var isInside = [Bool](repeating: false, count: snapshot.scopes.count)
            for (index, scope) in snapshot.scopes.enumerated() {
                isInside[index] = scope.name == name || (scope.parent.map { isInside[$0] } ?? false)
            }
            return { snapshot.contexts[$0.context].scope.map { isInside[$0] } ?? false }
        }
    }
}

/// A `trackScope` name below the names of the scopes it was entered in.
public struct ScopePath: Sendable, Equatable {
    /// Index into ``HeapSnapshot/scopes`` of the enclosing scope; smaller than this one's own index.
    public var parent: Int?
    /// The name given in code.
    public var name: String
    /// How often it was entered.
    public var entries: UInt64

    /// Creates a scope path.
    public init(parent: Int?, name: String, entries: UInt64) {
        self.parent = parent
        self.name = name
        self.entries = entries
    }
}

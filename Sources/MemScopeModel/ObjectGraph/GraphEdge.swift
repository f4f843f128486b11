/// A reference from one block to another.
public struct GraphEdge: Sendable, Equatable {
    /// What a reference does for the block it leads to.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Keeps it alive, as far as can be told.
        case strong = 0
        /// Leads there by a side table and keeps nothing alive.
        case weak = 1
        /// Keeps the memory, but not the object. No capture has it: by its word it is told from a strong one only by the property's type,
        /// ``TypeField/ownership``.
        case unowned = 2
    }

    /// Index into ``ObjectGraph/blocks``.
    public var to: Int
    /// Where in the holder the reference stands, in bytes from its beginning.
    public var offset: Int
    /// What it does for its target.
    public var kind: Kind
    /// Index into ``ObjectGraph/closures`` of the code that stands beside it: then it may be a closure's, and the target its context.
    public var closure: Int?

    /// Creates a reference.
    public init(to: Int, offset: Int, kind: Kind = .strong, closure: Int? = nil) {
        self.to = to
        self.offset = offset
        self.kind = kind
        self.closure = closure
    }
}

/// What an object of a type has at some offset.
public struct TypeField: Sendable, Equatable {
    /// How a stored property holds what it refers to.
    public enum Ownership: UInt8, Sendable, CaseIterable {
        /// Keeps it alive.
        case strong = 0
        /// `weak`.
        case weak = 1
        /// `unowned`.
        case unowned = 2
        /// Unmanaged, or no reference at all.
        case other = 3
    }

    /// Index into ``HeapSnapshot/types``.
    public var type: Int
    /// Bytes from the object's beginning.
    public var offset: Int
    /// The property's name, or what stands for one: `capture 1`, `element`.
    public var name: String
    /// How it holds its value.
    public var ownership: Ownership

    /// Creates a field.
    public init(type: Int, offset: Int, name: String, ownership: Ownership) {
        self.type = type
        self.offset = offset
        self.name = name
        self.ownership = ownership
    }
}

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
    /// The property's name, or what stands for one: `capture 1`, `value`, `element`.
    public var name: String
    /// The distance of its repetitions in bytes, of an array's elements; 0 for what is there once.
    public var stride: Int
    /// How it holds its value.
    public var ownership: Ownership

    /// Creates a field.
    public init(type: Int, offset: Int, name: String, ownership: Ownership, stride: Int = 0) {
        self.type = type
        self.offset = offset
        self.name = name
        self.ownership = ownership
        self.stride = stride
    }
}

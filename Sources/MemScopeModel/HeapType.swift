/// What a block holds, as its first word told.
public struct HeapType: Sendable, Equatable, Hashable {
    /// The family a type belongs to.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// An instance of a Swift class, an array's or dictionary's storage included.
        case classInstance = 0
        /// What a closure captured.
        case closureContext = 1
        /// A captured `var`, or an existential's or indirect enum's box.
        case box = 2
        /// An error in its box.
        case errorBox = 3
        /// A Swift Concurrency task.
        case task = 4
        /// A Swift Concurrency job that is not a task.
        case job = 5
        /// Memory that a task carves its frames from.
        case taskSlab = 6
        /// An instance of a Swift actor.
        case actor = 7
        /// A C++ object with a vtable; ``HeapType/name`` is mangled as its typeinfo has it.
        case cxxObject = 8
        /// The counts of a Swift object that something refers to weakly.
        case sideTable = 9
        /// Memory that the Swift runtime carves metadata from.
        case metadataPool = 10
    }

    /// The full name with generic arguments, such as `Swift._ContiguousArrayStorage<Swift.String>`.
    public var name: String
    /// The family.
    public var kind: Kind

    /// Creates a type.
    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

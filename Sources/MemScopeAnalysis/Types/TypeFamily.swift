package import MemScopeModel

/// What sort of thing a block holds, as a person sorts them: the standard library's storage is told from other classes.
package enum TypeFamily: String, Sendable, CaseIterable {
    /// An instance of a class that is none of the below.
    case `class`
    /// What a closure captured.
    case closure
    /// A captured variable, or the box of an existential or an indirect enum.
    case box
    /// An error in its box.
    case error
    /// The elements of an array.
    case array
    /// The keys and values of a dictionary.
    case dictionary
    /// The members of a set.
    case set
    /// The text of a string.
    case string
    /// A task of Swift Concurrency.
    case task
    /// A job of Swift Concurrency that is no task.
    case job
    /// Memory that a task carves its frames from.
    case slab
    /// An instance of an actor.
    case actor
    /// Counts of an object that something refers to weakly.
    case sideTable
    /// A C++ object with a vtable.
    case cxx
    /// Metadata that the Swift runtime made.
    case metadata
    /// Not recognised.
    case raw

    /// The family of a type.
    /// - Parameter type: The type, `nil` for blocks that were not recognised.
    package init(_ type: HeapType?) {
        switch type?.kind {
        case .classInstance: self = Self.storage(type?.name ?? "") ?? .class
        case .closureContext: self = .closure
        case .box: self = .box
        case .errorBox: self = .error
        case .task: self = .task
        case .job: self = .job
        case .taskSlab: self = .slab
        case .actor: self = .actor
        case .cxxObject: self = .cxx
        case .sideTable: self = .sideTable
        case .metadataPool: self = .metadata
        case nil: self = .raw
        }
    }

    /// Whether what it holds belongs to whoever refers to it: the block is a part of a value that has its elements elsewhere.
    package var isBuffer: Bool {
        switch self {
        case .array, .dictionary, .set, .string: true
        default: false
        }
    }

    /// Whether a block's type is a guess once the block is freed: nothing in it tells then.
    package var isUnseenAtFree: Bool { self == .cxx || self == .sideTable || self == .metadata }

    private static let storages: [(prefix: String, family: TypeFamily)] = [
        ("Swift._ContiguousArrayStorage<", .array), ("Swift._DictionaryStorage<", .dictionary),
        ("Swift._SetStorage<", .set), ("Swift.__StringStorage", .string), ("Swift.__SharedStringStorage", .string),
    ]

    private static func storage(_ name: String) -> TypeFamily? {
        guard name.hasPrefix("Swift._") else { return nil }
        return storages.first { name.hasPrefix($0.prefix) }?.family
    }
}

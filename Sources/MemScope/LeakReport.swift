/// What nothing refers to any more, as of one instant: what ``findLeaks()`` returns.
///
/// A block counts as leaked if no global, no stack, no register, no thread's own memory and no block that can be reached leads to it.
/// A word that happens to look like a pointer keeps a block, so a leak may be missed; what is reported is leaked.
public struct LeakReport: Sendable {
    /// Why a block is held to be leaked.
    public struct Category: Sendable, Hashable, CustomStringConvertible {
        /// The name of the category, as in `report.json`.
        public let description: String

        /// Nothing refers to it.
        public static let definite = Category(description: "definite")
        /// It is one of several that refer to each other, or refers to itself.
        public static let cycle = Category(description: "cycle")
        /// A leaked block or a cycle refers to it.
        public static let held = Category(description: "held")
        /// It was deinitialised, and `unowned` references keep its memory.
        public static let dead = Category(description: "dead")
    }

    /// Leaked blocks of one category, type and place.
    public struct Leak: Sendable {
        /// Why they are held to be leaked.
        public let category: Category
        /// The type's name, `untyped` if it was not recognised.
        public let type: String
        /// The function that allocated them, with its file and line where these are known: `Cache.fill() (Cache.swift:9)`.
        public let place: String
        /// Number of blocks.
        public let blocks: Int
        /// Bytes of those blocks.
        public let bytes: Int
        /// How many of the blocks the scan before did not find. The first scan finds all of them new.
        public let newBlocks: Int
        /// Bytes that they alone keep, their own included, each once.
        public let retainedBytes: Int
    }

    /// Objects that keep each other alive.
    public struct Cycle: Sendable {
        /// Each reference, from the first object back to it: `Session.parent`, and of one that is a closure's
        /// `Session.onClose (closure #1 in Session.init(id:), Session.swift:42)`.
        public let references: [String]
        /// How many cycles of this shape there are.
        public let instances: Int
        /// How many of these the scan before did not find. The first scan finds all of them new.
        public let newInstances: Int
        /// Bytes that would be freed if all were cut, each once.
        public let retainedBytes: Int
        /// Which reference to make weak and why; empty if no rule suggests one. Inferred.
        public let suggestion: String
        /// Other ways in which the same objects hold each other: the references of each, with what to make weak as well. Without that, doing
        /// what ``suggestion`` says frees nothing, or not all.
        public let further: [String]
    }

    /// Number of leaked blocks, those of the category ``Category/dead`` not included.
    public let blocks: Int
    /// Bytes of those.
    public let bytes: Int
    /// Blocks of those that the scan before did not find. The first scan finds all of them new.
    public let newBlocks: Int
    /// Blocks of those that the scan before did find.
    public let knownBlocks: Int
    /// Blocks that the scan before found and that are no longer leaked: freed, or reachable again.
    public let goneBlocks: Int
    /// Objects that were deinitialised and that `unowned` references keep from being freed: no leaks, and in ``leaks`` all the same.
    public let deadBlocks: Int
    /// Bytes of those.
    public let deadBytes: Int
    /// The blocks by category, type and place, the dead ones among them; those that keep most first.
    public let leaks: [Leak]
    /// Cycles by shape; those that keep most first.
    public let cycles: [Cycle]
    /// How long the program's threads stood still.
    public let pause: Duration
    /// What was not as it should be, in one sentence; empty if nothing was.
    public let note: String
}

/// What every repetition of some work left behind: what ``findAbandonedMemory(repetitions:warmUp:idle:_:)`` returns.
public struct AbandonedMemory: Sendable, CustomStringConvertible {
    /// Blocks of one type that one place allocated, and of which each repetition left at least one more.
    public struct Growth: Sendable, Hashable {
        /// The type's name, `untyped` if it was not recognised.
        public let type: String
        /// The function that allocated them, with its file and line where these are known: `Cache.fill() (Cache.swift:9)`.
        public let place: String
        /// How many blocks more there are than before the first repetition.
        public let blocks: Int
        /// Bytes of those.
        public let bytes: Int
        /// Whole blocks for each repetition. What is beyond a multiple of it came from elsewhere or only sometimes.
        public let blocksPerRepetition: Int
    }

    /// How often the work was done after the warm-up.
    public let repetitions: Int
    /// What grew and is still referred to: a cache without an end, a list of listeners nobody takes themselves off. The largest first.
    public let abandoned: [Growth]
    /// What grew and is not referred to any more, without what is suppressed or ignored: that is in neither list. The largest first.
    public let leaked: [Growth]
    /// What was not as it should be, in one sentence; empty if nothing was.
    public let note: String

    /// Whether nothing grew with the repetitions.
    public var isEmpty: Bool { abandoned.isEmpty && leaked.isEmpty }

    /// The whole, one line for each growth.
    public var description: String {
        if isEmpty { return "nothing grew with \(repetitions) repetitions" }
        func lines(_ growths: [Growth], _ verb: String) -> [String] {
            growths.map {
                "each repetition \(verb) \($0.blocksPerRepetition) × \($0.type), \($0.place): \($0.bytes) bytes in \(repetitions) repetitions"
            }
        }
        return (lines(leaked, "leaks") + lines(abandoned, "abandons")).joined(separator: "\n")
    }
}

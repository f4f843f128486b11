/// Whether leaks were looked for when the snapshot was taken, and how that went.
public struct LeakScan: Sendable, Equatable {
    /// What became of it.
    public enum Outcome: UInt8, Sendable, CaseIterable {
        /// Nobody asked.
        case notAsked = 0
        /// Done; every thread stood still.
        case done = 1
        /// It could not be made; ``LeakScan/complaint`` says why.
        case failed = 2
    }

    /// What became of it.
    public var outcome = Outcome.notAsked
    /// How long the program's threads stood still, in nanoseconds.
    public var pause: UInt64 = 0
    /// How long the scan took in the copy of the process, in nanoseconds.
    public var duration: UInt64 = 0
    /// Threads that were stopped.
    public var threads: UInt64 = 0
    /// What was not as it should be, in one sentence; empty if nothing was.
    public var complaint = ""
    /// Blocks of which the program said that they are no leaks, and what they alone lead to; none that a root leads to.
    public var ignoredBlocks: UInt64 = 0
    /// Bytes of those.
    public var ignoredBytes: UInt64 = 0
    /// How many sentences of ``complaint`` say that leaks may be hidden, or that something may be reported that is none.
    public var doubts: UInt64 = 0
    /// Roots that the graph has no room for; each leads to a block that another one leads to as well.
    public var unlistedRoots: UInt64 = 0
    /// The classes of roots that were searched; empty if the capture does not say.
    public var roots: [String] = []
    /// What the program defines to be suppressed, in LeakSanitizer's form.
    public var programSuppressions = ""

    /// The classes that are searched if nobody says otherwise.
    public static let usualRoots = ["stacks", "registers", "globals", "tls", "mappings"]

    /// Creates a scan that nobody asked for.
    public init() {}
}

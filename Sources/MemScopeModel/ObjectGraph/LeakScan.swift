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

    /// Creates a scan that nobody asked for.
    public init() {}
}

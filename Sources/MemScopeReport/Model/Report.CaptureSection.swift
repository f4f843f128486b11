extension Report {
    /// The honesty box: what was recorded, what was missed, and what recording cost.
    package struct CaptureSection: Codable, Sendable, Equatable {
        /// `exact`: every event recorded; `sampled`: some.
        package var mode = "exact"
        /// `preloaded` or `linked`.
        package var attachment = ""
        /// How far the counts of this section can be trusted.
        package var accuracy = Accuracy.exact
        /// Allocations and frees recorded.
        package var events: UInt64 = 0
        /// Allocations and frees not recorded because a ring was full.
        package var droppedEvents: UInt64 = 0
        /// Stacks that were cut.
        package var truncatedStacks: UInt64 = 0
        /// Allocations in signal handlers that had interrupted the tracker; unrecorded.
        package var signalPassThrough: UInt64 = 0
        /// Frees of blocks from before tracking began.
        package var unknownFrees: UInt64 = 0
        /// How often a thread waited for the tracker.
        package var waits: UInt64 = 0
        /// Whether live blocks were read from a frozen copy of the process; else they were read while it ran.
        package var frozenCopy = false
        /// Memory the tracker itself held, in bytes.
        package var trackerBytes: UInt64 = 0
        /// Of that the history of what changed when, in bytes. Bounded: 16 bytes for each stack and size, and 16 MiB or 24 bytes for each more.
        package var historyBytes: UInt64 = 0
        /// CPU time of the tracker's own threads, in nanoseconds.
        package var trackerCPUNanoseconds: UInt64 = 0
        /// CPU time of the whole process, in nanoseconds.
        package var processCPUNanoseconds: UInt64 = 0
        /// Sentences on what is missing or doubtful, for people.
        package var notes: [String] = []

        /// Creates an empty section.
        package init() {}
    }
}

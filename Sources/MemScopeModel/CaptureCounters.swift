/// Process-wide totals, and what tracking itself cost: exact unless said otherwise.
public struct CaptureCounters: Sendable, Equatable {
    /// Blocks allocated; a `realloc` that succeeded counts as one free and one allocation.
    public var allocations: UInt64 = 0
    /// Tracked blocks freed.
    public var frees: UInt64 = 0
    /// Bytes requested by all allocations.
    public var allocatedBytes: UInt64 = 0
    /// Bytes of all tracked blocks freed.
    public var freedBytes: UInt64 = 0
    /// Most bytes live at any engine cut; exact to the event while one thread allocates.
    public var peakBytes: UInt64 = 0
    /// No more bytes than this were ever live.
    public var peakUpperBound: UInt64 = 0
    /// When the peak was seen, in nanoseconds since tracking began.
    public var peakTime: UInt64 = 0
    /// Allocations and frees recorded.
    public var events: UInt64 = 0
    /// Allocations and frees that were not recorded because a ring was full and the program chose not to wait.
    public var droppedEvents: UInt64 = 0
    /// Allocations made inside a signal handler that had interrupted a hook; they passed through unrecorded.
    public var signalPassThrough: UInt64 = 0
    /// Frees of blocks the tracker did not know: allocated before it started, or passed through.
    public var unknownFrees: UInt64 = 0
    /// Stacks that were cut because they were deeper than the limit or could not be unwound to the end.
    public var truncatedStacks: UInt64 = 0
    /// How often a thread waited because the rings were full.
    public var waits: UInt64 = 0
    /// Tasks, scopes' runs and handovers whose figures found no room in a table and were added to others'.
    public var attributionsLost: UInt64 = 0
    /// Threads that could not be tracked because there were too many at once; nothing of theirs is in any figure.
    public var untrackedThreads: UInt64 = 0
    /// Tasks that were there and had allocated, the ones that are not listed included.
    public var tasksKnown: UInt64 = 0
    /// Blocks that the program named and for whose name there was no room.
    public var namesLost: UInt64 = 0
    /// Freed blocks whose type is not the usual one of their stack, and found no room: they count as of the usual one.
    public var freedTypesLost: UInt64 = 0
    /// Runs of scopes that began, of which the longest are listed with their times.
    public var scopeRuns: UInt64 = 0
    /// Captures made, this one included.
    public var captures: UInt64 = 0
    /// Memory held by the tracker itself: rings, shadow, stacks and totals, in bytes resident.
    public var trackerBytes: UInt64 = 0
    /// Of that what changed from instant to instant takes, the history that growth is judged by.
    public var historyBytes: UInt64 = 0
    /// CPU time of the tracker's own threads in nanoseconds. What the hooks cost the program's threads is not in it.
    public var trackerCPU: UInt64 = 0
    /// CPU time of the whole process in nanoseconds.
    public var processCPU: UInt64 = 0
    /// Whether the list of live blocks comes from a frozen copy of the process (else it was read while running).
    public var isFrozenCopy = false

    /// Creates counters that are all zero.
    public init() {}

    /// Blocks allocated and not freed.
    public var liveBlocks: UInt64 { allocations - frees }
    /// Bytes allocated and not freed.
    public var liveBytes: UInt64 { allocatedBytes - freedBytes }
}

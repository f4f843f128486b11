/// A task that was there when the snapshot was taken and had allocated.
public struct TrackedTask: Sendable, Equatable {
    /// What a task does.
    public enum State: UInt8, Sendable, CaseIterable {
        case unknown = 0
        case running = 1
        /// It waits for a thread or an actor.
        case enqueued = 2
        /// It waits for something else.
        case suspended = 3
        /// It has returned; somebody still holds it.
        case complete = 4
    }

    /// The runtime's number.
    public var id: UInt64
    /// The number of the task that it is a child of, or that created it; 0 for none.
    public var parentID: UInt64
    /// Index into ``HeapSnapshot/taskSites``.
    public var site: Int?
    /// The name it was given, empty for none.
    public var name: String
    /// What it did.
    public var state: State
    /// The priority it was created with.
    public var priority: Int
    /// Its first event, in milliseconds since tracking began.
    public var firstSeen: UInt64
    /// When it was last seen to go on running, in milliseconds since tracking began; a task that goes on without allocating
    /// is not seen.
    public var lastSeen: UInt64
    /// Index into ``HeapSnapshot/scopes`` of the scope it was created in.
    public var scope: Int?
    /// Whether the run of that scope is over.
    public var hasOutlivedScope: Bool
    /// Bytes of the slabs that its frames lie in.
    public var slabBytes: UInt64
    /// The most it held at a time, in bytes.
    public var peakBytes: UInt64
    /// Blocks allocated.
    public var allocations: UInt64
    /// Blocks freed.
    public var frees: UInt64
    /// Temporary blocks, as in ``AllocationSite/temporaries``.
    public var temporaries: UInt64
    /// Bytes requested by all allocations.
    public var allocatedBytes: UInt64
    /// Bytes of all blocks freed.
    public var freedBytes: UInt64

    /// Creates a task that has not allocated.
    public init(id: UInt64, site: Int?) {
        self.id = id
        self.site = site
        parentID = 0
        name = ""
        state = .unknown
        priority = 0
        firstSeen = 0
        lastSeen = 0
        scope = nil
        hasOutlivedScope = false
        slabBytes = 0
        peakBytes = 0
        allocations = 0
        frees = 0
        temporaries = 0
        allocatedBytes = 0
        freedBytes = 0
    }
}

/// On whose behalf blocks were allocated: a thread, the place that created the task it ran, and the scope that was open.
///
/// A free is charged to the context that allocated the block, whichever thread freed it.
public struct AllocationContext: Sendable, Equatable {
    /// Index into ``HeapSnapshot/threads`` of the allocating thread.
    public var thread: Int
    /// Index into ``HeapSnapshot/scopes`` of the innermost open scope, if one was open.
    public var scope: Int?
    /// Index into ``HeapSnapshot/taskSites`` of where the task was created, if it ran one.
    public var taskSite: Int?
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

    /// Creates a context.
    public init(
        thread: Int, scope: Int? = nil, taskSite: Int? = nil, allocations: UInt64 = 0, frees: UInt64 = 0, temporaries: UInt64 = 0,
        allocatedBytes: UInt64 = 0, freedBytes: UInt64 = 0
    ) {
        self.thread = thread
        self.scope = scope
        self.taskSite = taskSite
        self.allocations = allocations
        self.frees = frees
        self.temporaries = temporaries
        self.allocatedBytes = allocatedBytes
        self.freedBytes = freedBytes
    }

    /// Blocks allocated and not freed.
    public var liveBlocks: UInt64 { allocations - frees }
    /// Bytes allocated and not freed.
    public var liveBytes: UInt64 { allocatedBytes - freedBytes }
}

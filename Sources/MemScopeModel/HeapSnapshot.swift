/// What the tracker knew about one process at one instant: the value that capture hands to analysis.
///
/// All totals are as of one cut. Indices in one array refer to positions in another; ``CaptureDecoder`` has checked
/// every one of them, so code that reads a snapshot need not check again.
public struct HeapSnapshot: Sendable, Equatable {
    /// Which process this was, and how the snapshot came about.
    public var process = ProcessDescription()
    /// The executable and the libraries that addresses belong to, those unloaded since included.
    public var modules: [LoadedModule] = []
    /// Every distinct code address that occurs in a stack. For a return address this is the address of the
    /// instruction after the call; subtract one before looking it up.
    public var addresses: [UInt64] = []
    /// The call trie. Node 0 is the root; a parent always precedes its children.
    public var nodes: [CallNode] = []
    /// One entry for each (stack, size) that ever allocated.
    public var sites: [AllocationSite] = []
    /// One entry for each combination of thread, task site and scope that ever allocated.
    public var contexts: [AllocationContext] = []
    /// The threads that allocated, in the order of their first allocation.
    public var threads: [TrackedThread] = []
    /// Scope paths (`trackScope` names below names); a parent always precedes its children.
    public var scopes: [ScopePath] = []
    /// The runs of scopes that are over; at most one entry for each scope.
    public var scopeRuns: [ScopeRuns] = []
    /// Searches for leaks that the program made at the end of scopes' runs; at most one entry for each scope.
    public var leakChecks: [ScopeLeakChecks] = []
    /// Where tasks were created, with how many there are and were.
    public var taskSites: [TaskSite] = []
    /// Tasks that were there and had allocated; of very many those that held most.
    public var tasks: [TrackedTask] = []
    /// Blocks that were freed by another thread than had allocated them.
    public var handovers: [ThreadHandover] = []
    /// What was freed by another module than had allocated it.
    public var custody = Custody()
    /// The Swift and C++ types that were recognised.
    public var types: [HeapType] = []
    /// How old the live blocks of types are and how many there were before; at most one entry for each type. Empty if no block was
    /// looked at.
    public var census: [TypeCensus] = []
    /// The live heap, summed over blocks of the same site, context and type.
    public var liveGroups: [LiveGroup] = []
    /// Blocks whose type at free differed from the type of their site.
    public var freedTypes: [FreedType] = []
    /// What the program calls values of its own.
    public var trackedNames: [TrackedName] = []
    /// The live blocks of such values.
    public var trackedBlocks: [TrackedBlock] = []
    /// The heap over time, oldest first.
    public var timeline: [TimelineSample] = []
    /// Instants that the program named with `mark(_:)`, oldest first.
    public var marks: [TimelineMark] = []
    /// The longest runs of scopes with their times, those that were not over included; ``CaptureCounters/scopeRuns`` has how many there were.
    public var scopeEvents: [ScopeEvent] = []
    /// When captures were made, oldest first; ``CaptureCounters/captures`` has how many.
    public var captureEvents: [CaptureEvent] = []
    /// What was allocated and freed from instant to instant, site by site.
    public var history = HeapHistory()
    /// What a leak scan saw; empty if there was none.
    public var graph = ObjectGraph()
    /// Whether leaks were looked for.
    public var leakScan = LeakScan()
    /// Who retained and released what.
    public var ledger = RetainLedger()
    /// Process-wide totals, and what tracking itself cost.
    public var counters = CaptureCounters()

    /// Creates an empty snapshot.
    public init() {}
}

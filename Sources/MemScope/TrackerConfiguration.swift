/// How to track.
///
/// When tracking runs already, because the environment or somebody else started it, ``retainLedger`` begins a ledger if there is
/// none, and ``reportAtExit`` is kept; all else was settled at the start.
public struct TrackerConfiguration: Sendable {
    /// What a thread does when it allocates faster than the engine can follow.
    public enum FullRings: Sendable {
        /// The thread waits for the engine: no event is lost.
        case wait
        /// The allocation is not recorded; the report says how many were not, and its figures become estimates. Frees
        /// are always recorded.
        case drop
    }

    /// What happens when the rings are full. The default loses nothing. `MEMSCOPE_BACKPRESSURE` in the environment, `wait`
    /// or `drop`, goes before it.
    public var whenRingsAreFull: FullRings

    /// Memory for events on their way to the engine, all threads together, in bytes. At least 1 MiB; the default is
    /// 32 MiB of address space, of which memory is taken as needed. `MEMSCOPE_RING_BYTES` in the environment goes before
    /// it.
    public var ringBytes: Int

    /// Where to write a report when the process exits, `nil` for none. With `MEMSCOPE=1` in the environment a report
    /// is written at exit in any case, to `MEMSCOPE_OUTPUT` or `memscope-report`.
    public var reportAtExit: String?

    /// Whether to look at which module frees what: the report's `boundaries`. It costs 5 to 25 ns a free.
    /// `MEMSCOPE_CUSTODY` in the environment, 0 or 1, goes before it.
    public var custody: Bool

    /// Which objects' retains and releases are recorded, `nil` for none. `MEMSCOPE_OWNERSHIP` in the environment goes before it,
    /// `0` included, for none. Where the Swift runtime is not one that is known, or the selection names nothing, nothing is
    /// recorded, and the report says why.
    public var retainLedger: RetainLedgerSelection?

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - whenRingsAreFull: What happens when the rings are full.
    ///   - ringBytes: Memory for events on their way, in bytes.
    ///   - reportAtExit: A directory for a report at exit.
    ///   - custody: Whether to look at which module frees what.
    ///   - retainLedger: Which objects' retains and releases are recorded.
    public init(
        whenRingsAreFull: FullRings = .wait, ringBytes: Int = 32 << 20, reportAtExit: String? = nil,
        custody: Bool = false, retainLedger: RetainLedgerSelection? = nil
    ) {
        self.whenRingsAreFull = whenRingsAreFull
        self.ringBytes = max(ringBytes, 1 << 20)
        self.reportAtExit = reportAtExit
        self.custody = custody
        self.retainLedger = retainLedger
    }
}

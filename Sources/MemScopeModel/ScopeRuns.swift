/// The runs of one scope that are over, each from `trackScope`'s beginning to its end.
public struct ScopeRuns: Sendable, Equatable {
    /// A figure over all runs. The quantiles come from a histogram: they are right to a sixteenth.
    public struct Distribution: Sendable, Equatable {
        /// The figures of all runs together.
        public var sum: UInt64
        /// Half of the runs have no more.
        public var median: UInt64
        /// 95 of 100 runs have no more.
        public var percentile95: UInt64
        /// The largest.
        public var largest: UInt64

        /// Creates a distribution.
        public init(sum: UInt64 = 0, median: UInt64 = 0, percentile95: UInt64 = 0, largest: UInt64 = 0) {
            self.sum = sum
            self.median = median
            self.percentile95 = percentile95
            self.largest = largest
        }
    }

    /// Index into ``HeapSnapshot/scopes``.
    public var scope: Int
    /// How many runs are over.
    public var ended: UInt64
    /// Blocks allocated in a run, inner scopes and child tasks included.
    public var allocations: Distribution
    /// Bytes of those.
    public var allocatedBytes: Distribution
    /// Bytes of those that were live when the run ended.
    public var retainedBytes: Distribution

    /// Creates the runs of a scope.
    public init(
        scope: Int, ended: UInt64, allocations: Distribution, allocatedBytes: Distribution, retainedBytes: Distribution
    ) {
        self.scope = scope
        self.ended = ended
        self.allocations = allocations
        self.allocatedBytes = allocatedBytes
        self.retainedBytes = retainedBytes
    }
}

extension Report {
    /// The runs of a scope that are over: each from `trackScope`'s beginning to its end, with inner scopes and child tasks.
    package struct ScopeRuns: Codable, Sendable, Equatable {
        /// A figure over all runs.
        package struct Distribution: Codable, Sendable, Equatable {
            /// The average, rounded down.
            package var mean: UInt64 = 0
            /// Half of the runs have no more. From a histogram: right to a sixteenth.
            package var median: UInt64 = 0
            /// 95 of 100 runs have no more. From a histogram: right to a sixteenth.
            package var percentile95: UInt64 = 0
            /// The largest.
            package var largest: UInt64 = 0
        }

        /// How many runs are over.
        package var ended: UInt64 = 0
        /// Blocks allocated in a run.
        package var allocations = Distribution()
        /// Bytes of those.
        package var allocatedBytes = Distribution()
        /// Bytes of those that were live when the run ended.
        package var retainedBytes = Distribution()

        /// Creates the runs of a scope of which none is over.
        package init() {}
    }
}

extension Report {
    /// The heap over time.
    package struct Timeline: Codable, Sendable, Equatable {
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// How many samples were taken; ``samples`` may hold fewer.
        package var recorded = 0
        /// The samples, oldest first. Thinning keeps the highest and the lowest of each stretch of time.
        package var samples: [Sample] = []
        /// Instants that the program named, oldest first.
        package var marks: [Mark] = []
        /// The longest runs of scopes, those that began first at the top.
        package var scopeRuns: [ScopeRun] = []
        /// How many runs there were.
        package var scopeRunsRecorded: UInt64 = 0
        /// When reports were asked for and leaks were looked for, oldest first.
        package var snapshots: [Snapshot] = []
        /// How many times that was.
        package var snapshotsRecorded: UInt64 = 0
        /// What was allocated and freed between instants, oldest first. All intervals together are the whole recording.
        package var intervals: [Interval] = []
        /// How far ``Interval/types`` can be trusted: exact if every stack made blocks of one type alone.
        package var typesAccuracy = Accuracy.exact
        /// Which share of the allocations is of stacks that made blocks of one type alone, if not all are.
        package var typesConfidence: Double?
        /// Index into ``Report/types`` of those that some stack shares with others.
        package var uncertainTypes: [Int] = []

        /// Creates an empty section.
        package init() {}

        /// The heap at one instant.
        package struct Sample: Codable, Sendable, Equatable {
            /// Nanoseconds since tracking began.
            package var time: UInt64
            /// Bytes live.
            package var liveBytes: UInt64
            /// Blocks live.
            package var liveBlocks: UInt64
            /// Blocks allocated since tracking began.
            package var allocations: UInt64
            /// Bytes allocated since tracking began.
            package var allocatedBytes: UInt64
            /// The resident set size in bytes, 0 if unknown.
            package var residentBytes: UInt64
        }

        /// An instant that the program named.
        package struct Mark: Codable, Sendable, Equatable {
            /// Nanoseconds since tracking began.
            package var time: UInt64
            /// The name given in code.
            package var name: String
            /// Bytes live.
            package var liveBytes: UInt64
            /// Blocks live.
            package var liveBlocks: UInt64
        }
    }
}

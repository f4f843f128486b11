extension Report.Timeline {
    /// One pass through a scope. Times are those of a clock that ticks every few milliseconds.
    package struct ScopeRun: Codable, Sendable, Equatable {
        /// Index into ``Report/scopes``.
        package var scope: Int
        /// Nanoseconds since tracking began.
        package var begin: UInt64
        /// When it ended; for a run that is not over the instant of the report.
        package var end: UInt64
        /// Whether it is over.
        package var hasEnded: Bool
        /// Blocks that it allocated, inner scopes and child tasks included; `nil` before its end.
        package var allocations: UInt64?
        /// Bytes of those; `nil` before its end.
        package var allocatedBytes: UInt64?
        /// Bytes of those that were live when it ended; `nil` before that.
        package var retainedBytes: UInt64?
    }

    /// An instant at which a report was asked for, or leaks were looked for.
    package struct Snapshot: Codable, Sendable, Equatable {
        /// Nanoseconds since tracking began.
        package var time: UInt64
        /// Why.
        package var reason: String
        /// Whether leaks were looked for.
        package var hasLeakSearch: Bool
        /// Bytes live.
        package var liveBytes: UInt64
        /// Blocks live.
        package var liveBlocks: UInt64
    }
}

/// A run of a scope with its times, one of the longest.
public struct ScopeEvent: Sendable, Equatable {
    /// Index into ``HeapSnapshot/scopes``.
    public var scope: Int
    /// When it began, in nanoseconds since tracking began, by a clock that ticks every few milliseconds.
    public var begin: UInt64
    /// When it ended, by the same clock; for a run that was not over the instant of the snapshot.
    public var end: UInt64
    /// What it allocated, inner scopes and child tasks included; `nil` for a run that was not over.
    public var figures: Figures?

    /// What a run came to.
    public struct Figures: Sendable, Equatable {
        /// Blocks allocated.
        public var allocations: UInt64
        /// Bytes of those.
        public var allocatedBytes: UInt64
        /// Bytes of those that were live when the run ended.
        public var retainedBytes: UInt64

        /// Creates figures.
        public init(allocations: UInt64, allocatedBytes: UInt64, retainedBytes: UInt64) {
            self.allocations = allocations
            self.allocatedBytes = allocatedBytes
            self.retainedBytes = retainedBytes
        }
    }

    /// Creates a run.
    public init(scope: Int, begin: UInt64, end: UInt64, figures: Figures?) {
        self.scope = scope
        self.begin = begin
        self.end = end
        self.figures = figures
    }
}

extension Report {
    /// All tasks that were created at one place in one way, those that are gone included.
    package struct TaskSiteRow: Codable, Sendable, Equatable {
        /// As in ``TaskRow/kind``.
        package var kind: String
        /// The program's function that created them.
        package var function: String
        /// Its source file, empty if unknown.
        package var file: String
        /// The line, 0 if unknown.
        package var line: Int
        /// The module's file name, empty if unknown.
        package var module: String
        /// Task objects that were allocated here; 0 for `async let`, whose tasks are no blocks.
        package var created: UInt64
        /// Tasks that are gone and had allocated.
        package var finished: UInt64
        /// Tasks that are there, by what they do.
        package var running: UInt64
        package var enqueued: UInt64
        package var suspended: UInt64
        package var complete: UInt64
        package var unknown: UInt64
        /// From the first event to the end of one that is gone, on average, in nanoseconds.
        package var meanLifetime: UInt64
        /// The most that one that is gone held at a time, in bytes.
        package var largestPeakBytes: UInt64
        /// The most that one that is gone allocated, in bytes.
        package var largestAllocatedBytes: UInt64
        /// Blocks that lived only for a moment.
        package var temporaries: UInt64
        /// Blocks allocated.
        package var allocations: UInt64
        /// Blocks freed.
        package var frees: UInt64
        /// Bytes requested by all allocations.
        package var allocatedBytes: UInt64
        /// Blocks allocated and not freed.
        package var liveBlocks: UInt64
        /// Bytes allocated and not freed.
        package var liveBytes: UInt64
        /// Leaked bytes of those; `null` unless leaks were looked for.
        package var leakedBytes: UInt64?
        /// Bytes that only its tasks keep alive, their objects and slabs included; `null` without the whole graph.
        package var soleBytes: UInt64?
        /// How far the figures can be trusted.
        package var accuracy: Accuracy
    }
}

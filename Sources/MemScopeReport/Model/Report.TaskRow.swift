extension Report {
    /// A task that was there at the end and had allocated.
    package struct TaskRow: Codable, Sendable, Equatable {
        /// The task's number.
        package var id: UInt64
        /// The name it was given, else the function that created it.
        package var name: String
        /// `unstructured`, `detached`, `groupChild` or `asyncLet`; whether it is detached is told by the creating function's
        /// name, so `unstructured` where that is missing.
        package var kind: String
        /// `running`, `enqueued` (for a thread or an actor), `suspended`, `complete` or `unknown`.
        package var state: String
        /// The number of the task that it is a child of, or that created it; 0 for none.
        package var parent: UInt64
        /// Index into ``Report/taskSites``, -1 if it was left out.
        package var site: Int
        /// The priority it was created with, as the runtime numbers them.
        package var priority: Int
        /// Its first event, in nanoseconds since tracking began.
        package var firstSeen: UInt64
        /// When it was last seen to allocate or free, in nanoseconds since tracking began.
        package var lastSeen: UInt64
        /// Index into ``Report/scopes`` of the scope that it was created in, -1 for none.
        package var scope: Int
        /// Whether the run of that scope was over.
        package var hasOutlivedScope: Bool
        /// Bytes of the slabs that its frames lie in.
        package var slabBytes: UInt64
        /// The most that it held at a time, in bytes.
        package var peakBytes: UInt64
        /// Bytes of its blocks that nothing refers to; `null` unless leaks were looked for.
        package var leakedBytes: UInt64?
        /// Bytes that only it keeps alive, its own object and slabs included; `null` without the whole graph, and for a task without a
        /// block of its own.
        package var soleBytes: UInt64?
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
        /// How far the figures can be trusted.
        package var accuracy: Accuracy
    }
}

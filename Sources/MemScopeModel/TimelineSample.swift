/// The heap at one engine cut.
public struct TimelineSample: Sendable, Equatable {
    /// Nanoseconds since tracking began.
    public var time: UInt64
    /// Bytes live.
    public var liveBytes: UInt64
    /// Blocks live.
    public var liveBlocks: UInt64
    /// Blocks allocated since tracking began.
    public var allocations: UInt64
    /// Bytes allocated since tracking began.
    public var allocatedBytes: UInt64
    /// The process's resident set size in bytes, 0 when it could not be read.
    public var residentBytes: UInt64

    /// Creates a sample.
    public init(
        time: UInt64, liveBytes: UInt64, liveBlocks: UInt64, allocations: UInt64, allocatedBytes: UInt64,
        residentBytes: UInt64
    ) {
        self.time = time
        self.liveBytes = liveBytes
        self.liveBlocks = liveBlocks
        self.allocations = allocations
        self.allocatedBytes = allocatedBytes
        self.residentBytes = residentBytes
    }
}

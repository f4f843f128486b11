/// An instant at which a capture of the process was made.
public struct CaptureEvent: Sendable, Equatable {
    /// Nanoseconds since tracking began.
    public var time: UInt64
    /// Bytes live at that instant.
    public var liveBytes: UInt64
    /// Blocks live at that instant.
    public var liveBlocks: UInt64
    /// Why, such as `exit` or `period`.
    public var reason: String
    /// Whether leaks were looked for.
    public var hasLeakScan: Bool

    /// Creates an instant.
    public init(time: UInt64, liveBytes: UInt64, liveBlocks: UInt64, reason: String, hasLeakScan: Bool) {
        self.time = time
        self.liveBytes = liveBytes
        self.liveBlocks = liveBlocks
        self.reason = reason
        self.hasLeakScan = hasLeakScan
    }
}

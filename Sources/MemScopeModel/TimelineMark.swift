/// An instant that the program named.
public struct TimelineMark: Sendable, Equatable {
    /// Nanoseconds since tracking began.
    public var time: UInt64
    /// The name given in code.
    public var name: String
    /// Bytes live at that instant.
    public var liveBytes: UInt64
    /// Blocks live at that instant.
    public var liveBlocks: UInt64

    /// Creates a mark.
    public init(time: UInt64, name: String, liveBytes: UInt64, liveBlocks: UInt64) {
        self.time = time
        self.name = name
        self.liveBytes = liveBytes
        self.liveBlocks = liveBlocks
    }
}

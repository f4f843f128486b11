/// What the program calls some values, by a call of `tracked`.
public struct TrackedName: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The file of the call, as `#fileID` writes it.
    public var file: String
    /// The line of the call.
    public var line: Int
    /// Blocks that got the name, those that are freed included.
    public var blocks: UInt64
    /// Those that are live.
    public var liveBlocks: UInt64

    /// Creates a name.
    public init(name: String, file: String, line: Int, blocks: UInt64, liveBlocks: UInt64) {
        self.name = name
        self.file = file
        self.line = line
        self.blocks = blocks
        self.liveBlocks = liveBlocks
    }
}

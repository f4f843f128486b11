/// How often a Swift object is referred to, as its own counts say.
public struct ObjectCounts: Sendable, Equatable {
    /// Index into ``ObjectGraph/blocks``.
    public var block: Int
    /// References that keep it alive, those of running code included.
    public var strong: Int
    /// References that keep its memory.
    public var unowned: Int
    /// References by its side table.
    public var weak: Int

    /// Creates counts.
    public init(block: Int, strong: Int, unowned: Int = 0, weak: Int = 0) {
        self.block = block
        self.strong = strong
        self.unowned = unowned
        self.weak = weak
    }
}

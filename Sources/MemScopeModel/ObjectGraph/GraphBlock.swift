/// A live block, as a leak scan saw it.
public struct GraphBlock: Sendable, Equatable {
    /// Where it begins.
    @InvertedAddress public var address: UInt64
    /// Bytes requested.
    public var size: UInt64
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Index into ``HeapSnapshot/contexts``.
    public var context: Int
    /// Index into ``HeapSnapshot/types``, `nil` if it was not recognised.
    public var type: Int?
    /// Whether a root leads to it.
    public var isReachable = false
    /// Whether it is a Swift object that was deinitialised and is not freed because something refers to it by `unowned`.
    public var isDead = false
    /// Whether the program asked not to hear of it.
    public var isIgnored = false
    /// Whether it was allocated in the run that the search was about, if it was about one.
    public var isOfRun = false

    /// Creates a block that nothing reaches.
    public init(address: UInt64, size: UInt64, site: Int, context: Int, type: Int? = nil) {
        self.address = address
        self.size = size
        self.site = site
        self.context = context
        self.type = type
    }
}

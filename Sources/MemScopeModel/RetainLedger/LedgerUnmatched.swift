/// Strong references to objects of one type that are left of what one stack retained.
public struct LedgerUnmatched: Sendable, Equatable {
    /// Index into ``HeapSnapshot/types``.
    public var type: Int
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Whether it is those that the objects began with.
    public var isOrigin: Bool
    /// How many are left.
    public var count: UInt64

    /// Creates references.
    public init(type: Int, site: Int, isOrigin: Bool, count: UInt64) {
        self.type = type
        self.site = site
        self.isOrigin = isOrigin
        self.count = count
    }
}

/// Freed blocks of one site whose type was not the site's usual one.
public struct FreedType: Sendable, Equatable {
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Index into ``HeapSnapshot/types``.
    public var type: Int
    /// Blocks freed.
    public var frees: UInt64
    /// Bytes of those blocks.
    public var bytes: UInt64

    /// Creates a record.
    public init(site: Int, type: Int, frees: UInt64, bytes: UInt64) {
        self.site = site
        self.type = type
        self.frees = frees
        self.bytes = bytes
    }
}

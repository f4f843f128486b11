/// Retains and releases of all followed objects of one type.
public struct LedgerType: Sendable, Equatable {
    /// Index into ``HeapSnapshot/types``.
    public var type: Int
    /// Objects, those that are gone included.
    public var objects: UInt64 = 0
    /// Retains recorded.
    public var retains: UInt64 = 0
    /// Releases recorded.
    public var releases: UInt64 = 0
    /// Strong references that are left.
    public var held: UInt64 = 0
    /// The highest strong count of any of them.
    public var peak: Int = 0
    /// Threads involved; exact up to 64.
    public var threads: Int = 0
    /// Tasks involved; exact up to 64.
    public var tasks: Int = 0

    /// Creates a type without objects.
    public init(type: Int) { self.type = type }
}

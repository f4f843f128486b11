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
    /// Threads and tasks that retained or released any.
    public var involved = LedgerInvolvement()
    /// Retains and releases that went by unseen.
    public var unseen: UInt64 = 0
    /// Whether the count of an object that lives says something else than the records.
    public var differs = false

    /// Creates a type without objects.
    public init(type: Int) { self.type = type }
}

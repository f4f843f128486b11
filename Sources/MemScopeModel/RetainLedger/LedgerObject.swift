/// An object whose retains and releases were followed.
public struct LedgerObject: Sendable, Equatable {
    /// Where it is or was.
    @InvertedAddress public var address: UInt64
    /// Index into ``HeapSnapshot/types``, `nil` if its name cannot be read.
    public var type: Int?
    /// Who made it, and where: the reference that it began with.
    public var origin: LedgerPlace
    /// Whether it is gone.
    public var hasEnded = false
    /// Whether nothing leads to it, by a scan for leaks.
    public var isLeaked = false
    /// Whether its count says something else than the records.
    public var differs = false
    /// Retains recorded.
    public var retains: UInt64 = 0
    /// Releases recorded.
    public var releases: UInt64 = 0
    /// The highest strong count that was seen.
    public var peak: Int = 0
    /// The lowest strong count that was seen above 0.
    public var lowest: Int = 0
    /// Threads that retained or released it, and tasks that did.
    public var involved = LedgerInvolvement()
    /// Strong references that are left by the records, the one it began with included.
    public var held: Int = 0
    /// Retains and releases that went by unseen.
    public var unseen: Int = 0
    /// The strong count by its own word; 0 if that was not read.
    public var strong: Int = 0
    /// Its part of ``RetainLedger/references``.
    public var references: Range<Int> = 0..<0

    /// Creates an object without events.
    public init(address: UInt64, type: Int?, origin: LedgerPlace) {
        self.address = address
        self.type = type
        self.origin = origin
    }
}

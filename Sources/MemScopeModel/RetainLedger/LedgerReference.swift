/// Strong references to one object that are left of what one place retained.
public struct LedgerReference: Sendable, Equatable {
    /// Who retained, and where.
    public var place: LedgerPlace
    /// How many are left.
    public var count: Int
    /// Whether it is the one that the object began with.
    public var isOrigin: Bool

    /// Creates references.
    public init(place: LedgerPlace, count: Int, isOrigin: Bool = false) {
        self.place = place
        self.count = count
        self.isOrigin = isOrigin
    }
}

/// What a pass over the live heap found out about a type, beside its blocks and bytes.
public struct TypeCensus: Sendable, Equatable {
    /// Index into ``HeapSnapshot/types``, `nil` for blocks that were not recognised.
    public var type: Int?
    /// The ages of its live blocks added up, in milliseconds; `nil` if tracking began too long ago to tell them.
    public var ageMilliseconds: UInt64?
    /// Its live bytes when the process was captured before; `nil` if it was not, or the type was not kept.
    public var bytesBefore: UInt64?

    /// Creates a row.
    public init(type: Int?, ageMilliseconds: UInt64? = nil, bytesBefore: UInt64? = nil) {
        self.type = type
        self.ageMilliseconds = ageMilliseconds
        self.bytesBefore = bytesBefore
    }
}

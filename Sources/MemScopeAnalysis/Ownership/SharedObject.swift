/// A block that two or more own.
package struct SharedObject: Sendable, Equatable {
    /// References of one sort: from blocks of one type by one of their properties, or from one root.
    package struct Referrer: Sendable, Equatable {
        /// Where the references stand.
        package enum Place: Sendable, Hashable {
            /// In blocks of a type, `nil` if it was not recognised, at a property or at an offset.
            case block(type: Int?, field: String)
            /// Outside of the heap: an index into ``ObjectGraph/roots``.
            case root(Int)
        }

        /// Where the references stand.
        package var place: Place
        /// How many there are.
        package var count = 0
        /// Index into ``ObjectGraph/blocks`` of the first holder; `nil` for a root.
        package var holder: Int?
    }

    /// Index into ``ObjectGraph/blocks``.
    package var block: Int
    /// Who owns it, the most frequent first.
    package var referrers: [Referrer]
    /// Bytes that it alone keeps, its own included.
    package var retainedBytes: UInt64
    /// Whether all that own it are blocks of known types and lasting roots: what else looks like a reference need not be one.
    package var isCertain: Bool
}

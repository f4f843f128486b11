/// Blocks of which each alone owns the next, in a row; chains of one shape are one.
package struct OwnerChain: Sendable, Equatable {
    /// A block on the way and the property by which it owns the next one.
    package struct Link: Sendable, Hashable {
        /// Index into ``HeapSnapshot/types``, `nil` if it was not recognised.
        package var type: Int?
        /// The property, or `offset N`; empty for the last block.
        package var field: String
    }

    /// The way, repetitions left out. The first block only leads to the chain: who owns it is not asked.
    package var links: [Link]
    /// Which of ``links`` stand for several in a row.
    package var isRepeated: [Bool]
    /// How many chains have this shape.
    package var instances = 0
    /// Bytes of all their blocks but the first.
    package var bytes: UInt64 = 0
    /// The most blocks that one of them has, the first not counted.
    package var longest = 0
}

/// Leaked blocks of one kind, from one stack and of one type.
package struct LeakGroup: Sendable, Equatable {
    /// Why they are held to be leaked.
    package var category: LeakCategory
    /// Index into ``HeapSnapshot/nodes`` of the stack that allocated them.
    package var node: Int
    /// Index into ``HeapSnapshot/types``, `nil` if it was not recognised.
    package var type: Int?
    /// Number of blocks.
    package var blocks: UInt64 = 0
    /// Bytes of those blocks.
    package var bytes: UInt64 = 0
    /// How many of the blocks the search before had not found; 0 where nobody knows.
    package var newBlocks: UInt64 = 0
    /// Bytes that they alone keep, their own included, each once; a block of a cycle keeps all of the cycle. What two of them keep together, and
    /// neither alone, is not in it.
    package var retainedBytes: UInt64 = 0
    /// Index into ``ObjectGraph/blocks`` of one of them, the one at the lowest address.
    package var representative: Int
    /// The components of ``KeptBlocks`` that make up what they keep, if nothing else refers to them.
    package var roots: [Int32] = []
}

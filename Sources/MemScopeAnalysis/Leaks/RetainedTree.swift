/// What a finding alone keeps, as a tree: blocks of one type that the same property of the same holders keeps are a row.
package struct RetainedTree: Sendable, Equatable {
    /// Blocks that are kept in the same way.
    package struct Row: Sendable, Equatable {
        /// Index of the row of what alone keeps these, smaller than the row's own; -1 for the first row, the finding itself.
        package var parent: Int
        /// Index into ``HeapSnapshot/types``, `nil` if it was not recognised; of blocks that refer to each other that of the one by
        /// which they are held.
        package var type: Int?
        /// Whether they refer to each other.
        package var isCycle: Bool
        /// The reference by which the parent's blocks keep them, `nil` where it takes several, or no property is known.
        package var reference: Reference?
        /// Number of blocks.
        package var blocks: UInt64 = 0
        /// Bytes of those blocks.
        package var bytes: UInt64 = 0
        /// The same, and bytes of all that they alone keep.
        package var retainedBytes: UInt64 = 0
        /// Blocks that they keep and that are in no row.
        package var leftOutBlocks: UInt64 = 0
        /// Bytes of those; with ``bytes`` and what the rows below keep they make up ``retainedBytes``.
        package var leftOutBytes: UInt64 = 0
    }

    /// A property of a type.
    package struct Reference: Sendable, Hashable {
        /// Index into ``HeapSnapshot/types`` of the holder.
        package var holder: Int
        /// Where the property begins, in bytes; elements of an array are one property.
        package var offset: Int
    }

    /// The finding itself, and behind it what it keeps, each row behind its parent.
    package var rows: [Row]
    /// Bytes of what the first row keeps that other findings keep, too, because what is found lies within them.
    package var innerBytes: UInt64 = 0
}

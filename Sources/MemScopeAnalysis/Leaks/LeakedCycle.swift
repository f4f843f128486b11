/// Cycles of one shape: the same types from the same stacks, referring to each other from the same offsets and by the same closures.
package struct LeakedCycle: Sendable, Equatable {
    /// One object of the cycle and its reference to the next; the last one refers to the first.
    package struct Member: Sendable, Hashable {
        /// Index into ``HeapSnapshot/types``, `nil` if it was not recognised.
        package var type: Int?
        /// Index into ``HeapSnapshot/nodes`` of the stack that allocated it.
        package var node: Int
        /// Where the reference stands, in bytes from the object's beginning.
        package var offset: Int
        /// Index into ``ObjectGraph/closures`` of the code beside the reference: the next member may be that closure's context.
        package var closure: Int?
    }

    /// The objects, in the order of references.
    package var members: [Member]
    /// Index into ``ObjectGraph/blocks`` of each, in one of the cycles.
    package var representatives: [Int]
    /// How many there are.
    package var instances: UInt64 = 0
    /// How many objects the largest has that refer to each other, those outside of the shortest cycle included.
    package var largestComponent = 0
    /// Bytes that would be freed if all were cut.
    package var retainedBytes: UInt64 = 0
}

/// Cycles of one shape: the same types from the same stacks, referring to each other from the same offsets and by the same closures.
package struct LeakedCycle: Sendable, Equatable {
    /// The shortest cycle, by one of its instances.
    package let ring: Ring
    /// Further cycles of the same objects, which hold them still when the reference that is suggested for all before is cut; with
    /// suggestions of their own. Of the component in which there are most references.
    package var further: [Ring] = []
    /// How many there are.
    package var instances: UInt64 = 0
    /// How many of these the search before had not found whole; 0 where nobody knows.
    package var newInstances: UInt64 = 0
    /// How many objects the largest has that refer to each other, those outside of the shortest cycle included.
    package var largestComponent = 0
    /// Bytes that would be freed if all were cut, each once.
    package var retainedBytes: UInt64 = 0
    /// The components of ``KeptBlocks`` that make up what they keep.
    package var roots: [Int32] = []

    /// The objects, in the order of references.
    package var members: [Member] { ring.members }
    /// Index into ``ObjectGraph/blocks`` of each, in one of the cycles.
    package var representatives: [Int] { ring.representatives }

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

    /// A way by references from an object back to it.
    package struct Ring: Sendable, Equatable {
        /// The objects, in the order of references.
        package let members: [Member]
        /// Index into ``ObjectGraph/blocks`` of each.
        package let representatives: [Int]
        /// Which reference to make weak, `nil` if no rule says it.
        package let remedy: CycleRemedy?
    }
}

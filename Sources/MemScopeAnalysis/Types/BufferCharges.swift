package import MemScopeModel

/// The bytes of private buffers, charged to the types of the blocks that own them.
///
/// A buffer is the storage of an array, dictionary, set or string. It is private if exactly one block refers to it, strongly, and
/// nothing outside of the heap does that lasts: a global, memory of a thread's own, memory that the program mapped or named, or a block
/// from before tracking. What lies on stacks and in registers is not asked, since old words lie there, too. A buffer in a private buffer
/// is charged where the outer one is.
package struct BufferCharges: Sendable, Equatable {
    /// Of each of ``HeapSnapshot/types`` the bytes charged to it; blocks of no known type come last.
    package private(set) var bytes: [UInt64]

    /// Charges all private buffers of a snapshot. Linear in the graph.
    /// - Parameter snapshot: The snapshot; its graph must be whole.
    package init(_ snapshot: HeapSnapshot) {
        let graph = snapshot.graph
        let isBuffer = snapshot.types.map { TypeFamily($0).isBuffer }
        let owning = OwningReferences(graph)
        var owner = [Int32](repeating: Self.none, count: graph.blocks.count)
        for root in graph.roots where root.kind != .stack && root.kind != .register { owner[root.to] = Self.several }
        for block in graph.blocks.indices {
            for edge in graph.edges(of: block) where edge.to != block && owning.contains(edge, of: block) {
                let known = owner[edge.to]
                owner[edge.to] = known == Self.none || known == Int32(block) ? Int32(block) : Self.several
            }
        }
        func isBufferBlock(_ block: Int) -> Bool { graph.blocks[block].type.map { isBuffer[$0] } ?? false }
        bytes = [UInt64](repeating: 0, count: snapshot.types.count + 1)
        // Who pays for each buffer, found once; a buffer that is being asked pays for itself, should buffers own each other.
        var payer = [Int32](repeating: Self.none, count: graph.blocks.count)
        for start in graph.blocks.indices where isBufferBlock(start) {
            var way: [Int] = []
            var block = start
            while isBufferBlock(block), payer[block] == Self.none, owner[block] >= 0 {
                payer[block] = Self.several
                way.append(block)
                block = Int(owner[block])
            }
            let found = isBufferBlock(block) ? payer[block] : Int32(block)
            for buffer in way { payer[buffer] = found }
        }
        for block in graph.blocks.indices where payer[block] >= 0 {
            bytes[graph.blocks[Int(payer[block])].type ?? snapshot.types.count] += graph.blocks[block].size
        }
    }

    private static let none: Int32 = -1
    private static let several: Int32 = -2
}

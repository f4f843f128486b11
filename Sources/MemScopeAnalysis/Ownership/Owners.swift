package import MemScopeModel

/// Who owns each block of a whole graph: the references to it that keep it alive.
///
/// Left out are references that a property holds without owning (weak, unowned, unmanaged), and those of a block to itself.
/// Words on stacks and in registers need not be references at all. They count as owners of an object as far as its strong
/// count is larger than what the heap and lasting roots account for, and of a block without counts if nothing else owns it.
package struct Owners: Sendable {
    /// A reference from a block.
    package struct Reference: Sendable, Equatable {
        /// Index into ``ObjectGraph/blocks`` of the holder.
        package var holder: Int32
        /// Where in the holder, in bytes.
        package var offset: Int32
    }

    /// The references to block `b`: `references[first[b]..<first[b + 1]]`, those of one holder together.
    package private(set) var references: [Reference]
    package private(set) var first: [Int32]
    /// The roots that own block `b`, indices into ``ObjectGraph/roots``: `roots[firstRoot[b]..<firstRoot[b + 1]]`.
    package private(set) var roots: [Int32]
    package private(set) var firstRoot: [Int32]
    /// Of each block the index into ``ObjectGraph/counts``, -1 for those without.
    package private(set) var counts: [Int32]

    /// Finds all owners. Linear in the graph.
    package init(_ graph: ObjectGraph) {
        let count = graph.blocks.count
        counts = [Int32](repeating: -1, count: count)
        for (index, entry) in graph.counts.enumerated() { counts[entry.block] = Int32(index) }
        let owning = OwningReferences(graph)
        func owns(_ holder: Int, _ edge: GraphEdge) -> Bool {
            edge.to != holder && owning.contains(edge, of: holder)
        }
        first = [Int32](repeating: 0, count: count + 1)
        for holder in 0..<count {
            for edge in graph.edges(of: holder) where owns(holder, edge) { first[edge.to + 1] += 1 }
        }
        for block in 0..<count { first[block + 1] += first[block] }
        var next = first
        references = [Reference](repeating: Reference(holder: 0, offset: 0), count: Int(first[count]))
        for holder in 0..<count {
            for edge in graph.edges(of: holder) where owns(holder, edge) {
                references[Int(next[edge.to])] = Reference(holder: Int32(holder), offset: Int32(clamping: edge.offset))
                next[edge.to] += 1
            }
        }
        roots = []
        firstRoot = [0]
        addRoots(graph)
    }

    private mutating func addRoots(_ graph: ObjectGraph) {
        let order = graph.roots.indices.sorted { left, right in
            let (one, other) = (graph.roots[left], graph.roots[right])
            let kinds = (TrackKind(one.kind) == .stackOwner ? 1 : 0, TrackKind(other.kind) == .stackOwner ? 1 : 0)
            return (one.to, kinds.0, one.address, left) < (other.to, kinds.1, other.address, right)
        }
        var at = 0
        for block in graph.blocks.indices {
            let places = Int(first[block + 1] - first[block])
            var lasting = 0
            var running = 0
            var last: GraphRoot?
            while at < order.count, graph.roots[order[at]].to == block {
                let root = graph.roots[order[at]]
                let isRunning = TrackKind(root.kind) == .stackOwner
                let strong =
                    counts[block] < 0 ? (places + lasting == 0 ? 1 : 0) : graph.counts[Int(counts[block])].strong
                // A page that was searched twice gives the same root twice.
                if root != last, !isRunning || running < strong - places - lasting {
                    roots.append(Int32(order[at]))
                    if isRunning { running += 1 } else { lasting += 1 }
                }
                last = root
                at += 1
            }
            firstRoot.append(Int32(roots.count))
        }
    }

    /// The references to a block from blocks.
    package func references(to block: Int) -> ArraySlice<Reference> {
        references[Int(first[block])..<Int(first[block + 1])]
    }

    /// The roots that own a block.
    package func roots(of block: Int) -> ArraySlice<Int32> { roots[Int(firstRoot[block])..<Int(firstRoot[block + 1])] }

    /// How many own a block; one that holds it in two places is one.
    package func count(of block: Int) -> Int {
        var holders = roots(of: block).count
        var last: Int32 = -1
        for reference in references(to: block) where reference.holder != last {
            holders += 1
            last = reference.holder
        }
        return holders
    }

    /// The block that alone owns a block; `nil` if several do, or a root, or nothing.
    package func onlyOwner(of block: Int) -> Reference? {
        let references = references(to: block)
        guard let owner = references.first, roots(of: block).isEmpty, references.last?.holder == owner.holder else {
            return nil
        }
        return owner
    }
}

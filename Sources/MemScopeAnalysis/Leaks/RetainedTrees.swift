package import MemScopeModel

/// Makes the trees of what findings keep, one finding after the other, until there are as many rows as anybody reads.
///
/// What keeps most is opened first, so rows go where the bytes are. A tree takes time linear in the blocks that it gets to see, those
/// below the last rows are none of them.
package struct RetainedTrees {
    /// How many rows a tree has at most,
    package static let mostRows = 40
    /// how many of them lie below each other,
    package static let mostLevels = 10
    /// and how many directly below one.
    package static let mostBelow = 12

    private struct Key: Hashable {
        var type: Int?
        var isCycle: Bool
        var reference: RetainedTree.Reference?

        /// Whether such blocks keep each other.
        var isList: Bool { reference.map { $0.holder == type } ?? false }
    }

    /// Components of one row.
    private struct Kept {
        let key: Key
        var components: [Int32] = []
        var bytes: UInt64 = 0
    }

    private let snapshot: HeapSnapshot
    private let findings: LeakFindings
    private let kept: KeptBlocks
    /// How many blocks are in the components before each place of the order.
    private var blocksBefore: [Int32] = [0]
    /// By component: a reference from what alone keeps it, and the node that holds the reference; -1 as long as none was seen.
    private var reference: [Int32]
    private var holder: [Int32]
    /// By component: whether it is, or is kept by, something that is a finding of its own.
    private var isInFinding: [Bool]
    private var rowsLeft: Int

    /// Prepares. Linear in leaked blocks.
    /// - Parameters:
    ///   - findings: What leaked in the snapshot.
    ///   - snapshot: The snapshot.
    ///   - rows: How many rows all trees have at most, the first of each not counted.
    package init(_ findings: LeakFindings, in snapshot: HeapSnapshot, rows: Int) {
        (self.snapshot, self.findings, kept, rowsLeft) = (snapshot, findings, findings.kept, rows)
        let count = kept.components.count
        reference = [Int32](repeating: -1, count: count)
        holder = reference
        isInFinding = [Bool](repeating: false, count: count)
        blocksBefore.reserveCapacity(count + 1)
        for component in kept.order.map({ Int($0) }) {
            let members = kept.components.members(of: component)
            blocksBefore.append(blocksBefore[blocksBefore.count - 1] + Int32(members.count))
            let outer = Int(kept.sizes.dominator[component])
            let category = findings.category(of: Int(kept.leaked.block[Int(members[members.startIndex])]))
            isInFinding[component] = category != .held || (outer >= 0 && isInFinding[outer])
        }
    }

    /// What a finding keeps.
    /// - Parameter roots: Its components, ``LeakGroup/roots`` or ``LeakedCycle/roots``.
    /// - Returns: The tree; its first row keeps what the finding does.
    package mutating func tree(of roots: [Int32]) -> RetainedTree {
        let key = roots.first.map { self.key(of: Int($0), isRoot: true) }
        var tree = RetainedTree(rows: [RetainedTree.Row(parent: -1, type: key?.type, isCycle: key?.isCycle ?? false)])
        var levels = [1]
        for root in roots.map({ Int($0) }) {
            let outer = Int(kept.sizes.dominator[root])
            if outer >= 0, isInFinding[outer] { tree.innerBytes += kept.sizes.bytes[root] }
        }
        var keys = [key]
        var contents = [fill(&tree.rows[0], roots, with: key)]
        var open = [0]
        while let place = open.indices.max(by: { tree.rows[open[$0]].retainedBytes < tree.rows[open[$1]].retainedBytes }
        ) {
            let row = open.remove(at: place)
            guard tree.rows[row].leftOutBytes > 0 || tree.rows[row].leftOutBlocks > 0 else { continue }
            guard levels[row] < Self.mostLevels, rowsLeft > 0, tree.rows.count < Self.mostRows else { continue }
            for group in groups(below: contents[row], with: keys[row]).prefix(
                min(Self.mostBelow, rowsLeft, Self.mostRows - tree.rows.count))
            {
                var next = RetainedTree.Row(
                    parent: row, type: group.key.type, isCycle: group.key.isCycle, reference: group.key.reference)
                contents.append(fill(&next, group.components, with: group.key))
                keys.append(group.key)
                tree.rows[row].leftOutBytes -= next.retainedBytes
                tree.rows[row].leftOutBlocks -= next.blocks + next.leftOutBlocks
                open.append(tree.rows.count)
                levels.append(levels[row] + 1)
                tree.rows.append(next)
                rowsLeft -= 1
            }
            contents[row] = []
        }
        return tree
    }
}

extension RetainedTrees {
    /// Counts components for a row, with what they keep as left out so far. Lists whose elements keep the next one by the same property are
    /// one row, however long.
    /// - Returns: The components of the row.
    private mutating func fill(_ row: inout RetainedTree.Row, _ start: [Int32], with key: Key?) -> [Int32] {
        var components = start
        for component in start.map({ Int($0) }) {
            row.retainedBytes += kept.sizes.bytes[component]
            row.leftOutBlocks += UInt64(
                blocksBefore[Int(kept.end[component])] - blocksBefore[Int(kept.first[component])])
        }
        let isList = key?.isList ?? false
        var place = 0
        while place < components.count {
            let component = Int(components[place])
            place += 1
            row.blocks += UInt64(kept.components.members(of: component).count)
            for node in kept.components.members(of: component) {
                row.bytes += snapshot.graph.blocks[Int(kept.leaked.block[Int(node)])].size
            }
            noteReferences(of: component)
            guard isList else { continue }
            kept.forEachKept(by: component) { inner in
                if self.key(of: inner) == key { components.append(Int32(inner)) }
            }
        }
        row.leftOutBytes = row.retainedBytes - row.bytes
        row.leftOutBlocks -= row.blocks
        return components
    }

    /// What the components of a row keep, by how; that which keeps most first.
    private func groups(below components: [Int32], with own: Key?) -> [Kept] {
        var groups: [Kept] = []
        var place: [Key: Int] = [:]
        var last = -1
        for component in components {
            kept.forEachKept(by: Int(component)) { inner in
                let key = key(of: inner)
                if key.isList, key == own { return }
                if last < 0 || groups[last].key != key {
                    last = place[key] ?? groups.count
                    if last == groups.count {
                        place[key] = last
                        groups.append(Kept(key: key))
                    }
                }
                groups[last].components.append(Int32(inner))
                groups[last].bytes += kept.sizes.bytes[inner]
            }
        }
        return groups.sorted { ($0.bytes, $1.components[0]) > ($1.bytes, $0.components[0]) }
    }

    /// Remembers by which reference a component keeps others.
    private mutating func noteReferences(of component: Int) {
        for node in kept.components.members(of: component) {
            for place in kept.leaked.references(of: Int(node)) {
                let inner = Int(kept.components.component[Int(kept.leaked.targets[place])])
                guard Int(kept.sizes.dominator[inner]) == component, reference[inner] < 0 else { continue }
                (reference[inner], holder[inner]) = (Int32(place), node)
            }
        }
    }

    /// How a component is kept. By what, has been looked at before.
    private func key(of component: Int, isRoot: Bool = false) -> Key {
        let members = kept.components.members(of: component)
        let place = isRoot ? -1 : reference[component]
        let node = place < 0 ? members.min { order(of: $0) < order(of: $1) }! : kept.leaked.targets[Int(place)]
        let block = Int(kept.leaked.block[Int(node)])
        return Key(
            type: snapshot.graph.blocks[block].type, isCycle: findings.category(of: block) == .cycle,
            reference: place < 0 ? nil : reference(at: Int(place), of: holder[component]))
    }

    private func reference(at place: Int, of holder: Int32) -> RetainedTree.Reference? {
        guard let type = snapshot.graph.blocks[Int(kept.leaked.block[Int(holder)])].type,
            let found = snapshot.graph.field(of: type, at: Int(kept.leaked.offsets[place]))
        else { return nil }
        return RetainedTree.Reference(holder: type, offset: found.field.offset)
    }

    /// Of blocks that refer to each other the one of the lowest type stands for all, whichever was found first.
    private func order(of node: Int32) -> (Int, Int32) {
        let block = kept.leaked.block[Int(node)]
        return (snapshot.graph.blocks[Int(block)].type ?? .max, block)
    }
}

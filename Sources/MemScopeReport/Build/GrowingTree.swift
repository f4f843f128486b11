internal import MemScopeModel

/// The nodes of a tree that grows, found by their parent, frame and kind.
///
/// Most nodes have one child, which is found without a search: each parent knows its first. The others lie in a hash
/// table with open addressing, a tenth as large as one of all nodes would be.
///
/// Always true: node 0 is the root, its own parent; a parent precedes its children; at most half of the slots are
/// taken, so a probe ends; 0 is an empty slot and no child.
struct GrowingTree {
    private(set) var parents: [Int32] = [0]
    private(set) var frame: [Int32] = [-1]
    private(set) var kinds: [CallNode.Kind] = [.frame]
    private var firstChild: [Int32] = [0]
    private var slots = [Int32](repeating: 0, count: 1024)
    private var taken = 0

    /// Creates a tree that has only a root.
    /// - Parameter capacity: About how many nodes it will have.
    init(capacity: Int) {
        parents.reserveCapacity(capacity)
        frame.reserveCapacity(capacity)
        kinds.reserveCapacity(capacity)
        firstChild.reserveCapacity(capacity)
    }

    /// The child with a frame and a kind, made if there is none yet.
    mutating func child(of parent: Int32, frame: Int32, kind: CallNode.Kind) -> Int32 {
        let first = firstChild[Int(parent)]
        if first == 0 {
            firstChild[Int(parent)] = Int32(parents.count)
            return add(parent, frame, kind)
        }
        if self.frame[Int(first)] == frame, kinds[Int(first)] == kind { return first }
        var slot = slot(parent, frame, kind)
        while slots[slot] != 0 {
            let node = Int(slots[slot])
            if parents[node] == parent, self.frame[node] == frame, kinds[node] == kind { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        let node = add(parent, frame, kind)
        slots[slot] = node
        taken += 1
        if 2 * taken > slots.count { grow() }
        return node
    }

    private mutating func add(_ parent: Int32, _ frame: Int32, _ kind: CallNode.Kind) -> Int32 {
        parents.append(parent)
        self.frame.append(frame)
        kinds.append(kind)
        firstChild.append(0)
        return Int32(parents.count - 1)
    }

    private mutating func grow() {
        let old = slots
        slots = [Int32](repeating: 0, count: 2 * old.count)
        for node in old where node != 0 {
            var slot = slot(parents[Int(node)], frame[Int(node)], kinds[Int(node)])
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = node
        }
    }

    /// Where the search for a node begins.
    private func slot(_ parent: Int32, _ frame: Int32, _ kind: CallNode.Kind) -> Int {
        let key =
            UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: frame)) << 2 | UInt64(kind.rawValue)
        let mixed = (key ^ key >> 32) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 32) & (slots.count - 1)
    }
}

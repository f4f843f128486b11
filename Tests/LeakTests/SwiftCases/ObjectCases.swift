/// Objects without tags: weak and unowned references, which keep nothing alive, and what is retained by hand.
enum ObjectCases {
    final class Node {
        var other: Node?
        var tail = [UInt64](repeating: 7, count: 4)
    }

    struct Weakly { weak var node: Node? }

    final class Owner {
        unowned let node: Node
        init(_ node: Node) { self.node = node }
    }

    nonisolated(unsafe) static var watchers: [Weakly] = []
    nonisolated(unsafe) static var kept: [Node] = []
    nonisolated(unsafe) static var owners: [Owner] = []
    nonisolated(unsafe) static var unmanaged: [Unmanaged<Node>] = []
    nonisolated(unsafe) static var raw: [UInt] = []
    nonisolated(unsafe) static var buffers: [ManagedBuffer<Node, Node>] = []

    static let all: [String: @Sendable (Int) -> Void] = [
        "cyclesWatchedWeakly": { n in
            for _ in 0..<n {
                let (first, second) = cycle()
                watchers.append(Weakly(node: first))
                watchers.append(Weakly(node: second))
            }
        },
        "cycles": { n in for _ in 0..<n { _ = cycle() } },
        "heldWithWeakReferences": { n in
            for _ in 0..<n {
                let node = Node()
                kept.append(node)
                watchers.append(Weakly(node: node))
            }
        },
        // Its side table is its own: what watched it is gone.
        "lostWithSideTable": { n in
            for _ in 0..<n {
                let node = Node()
                var weakly = Weakly(node: node)
                weakly.node = nil
                lose(node)
            }
        },
        "lostWatchedWeakly": { n in
            for _ in 0..<n {
                let node = Node()
                watchers.append(Weakly(node: node))
                lose(node)
            }
        },
        // A weak reference in a lost object keeps the side table that it leads to, and not the object.
        "lostWatcher": { n in
            for _ in 0..<n {
                let node = Node()
                loseCell(Weakly(node: node))
                kept.append(node)
            }
        },
        "deadButNotFreed": { n in for _ in 0..<n { owners.append(Owner(Node())) } },
        "heldUnmanaged": { n in
            for i in 0..<n {
                let reference = Unmanaged.passRetained(Node())
                if i % 2 == 0 {
                    unmanaged.append(reference)
                } else {
                    raw.append(UInt(bitPattern: reference.toOpaque()))
                }
            }
        },
        "lostUnmanaged": { n in for _ in 0..<n { lose(Node()) } },
        "heldInManagedBuffers": { n in for _ in 0..<n { buffers.append(buffer()) } },
        "lostManagedBuffers": { n in for _ in 0..<n { lose(buffer()) } },
    ]

    @inline(never) private static func cycle() -> (Node, Node) {
        let (first, second) = (Node(), Node())
        first.other = second
        second.other = first
        return (first, second)
    }

    /// A header and three elements.
    private static func buffer() -> ManagedBuffer<Node, Node> {
        let buffer = ManagedBuffer<Node, Node>.create(minimumCapacity: 3) { _ in Node() }
        buffer.withUnsafeMutablePointerToElements { elements in
            for i in 0..<3 { (elements + i).initialize(to: Node()) }
        }
        return buffer
    }
}

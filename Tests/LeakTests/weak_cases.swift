// Weak and unowned references, which keep nothing alive, and cycles of objects that some of them lead to.
import Glibc

final class Node {
    var other: Node?
    var tail = [UInt64](repeating: 7, count: 4)
}

struct Weakly { weak var node: Node? }

nonisolated(unsafe) var watchers: [Weakly] = []
nonisolated(unsafe) var kept: [Node] = []

final class Owner {
    unowned let node: Node
    init(_ node: Node) { self.node = node }
}
nonisolated(unsafe) var owners: [Owner] = []

enum Tree {
    case leaf
    indirect case branch(Tree, Node)
}
nonisolated(unsafe) var trees: [Tree] = []

/// Cycles of two objects, each with an array: four blocks, and two side tables that the live array of weak references holds.
@inline(never) func cyclesWatchedWeakly(_ n: Int) {
    for _ in 0..<n {
        let first = Node(), second = Node()
        first.other = second
        second.other = first
        watchers.append(Weakly(node: first))
        watchers.append(Weakly(node: second))
    }
}

@inline(never) func cycles(_ n: Int) {
    for _ in 0..<n {
        let first = Node(), second = Node()
        first.other = second
        second.other = first
    }
}

@inline(never) func heldWithWeakReferences(_ n: Int) {
    for _ in 0..<n {
        let node = Node()
        kept.append(node)
        watchers.append(Weakly(node: node))
    }
}

@inline(never) func heldInEnums(_ n: Int) {
    for i in 0..<n { trees.append(.branch(i % 2 == 0 ? .leaf : .branch(.leaf, Node()), Node())) }
}

/// What is dead, but not freed because of unowned references: held, and marked.
@inline(never) func deadButNotFreed(_ n: Int) {
    for _ in 0..<n { owners.append(Owner(Node())) }
}

@inline(never) func scrub() {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { bytes in
        for i in bytes.indices { bytes[i] = 0 }
    }
}

let count = Int(CommandLine.arguments[2])!
switch CommandLine.arguments[1] {
case "cyclesWatchedWeakly": cyclesWatchedWeakly(count)
case "cycles": cycles(count)
case "heldWithWeakReferences": heldWithWeakReferences(count)
case "heldInEnums": heldInEnums(count)
case "deadButNotFreed": deadButNotFreed(count)
default: exit(2)
}
scrub()

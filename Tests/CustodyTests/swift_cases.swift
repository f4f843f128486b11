// Swift blocks that change hands with a C library. usage: swift_cases CASE N
import Glibc
import Lender

nonisolated(unsafe) var done = 0

final class Node {
    var next: Node?
    let payload: (Int, Int, Int, Int)
    init(_ next: Node?) {
        self.next = next
        payload = (1, 2, 3, 4)
    }
}

@inline(never) func raw(_ size: Int) -> UnsafeMutableRawPointer { .allocate(byteCount: size, alignment: 16) }

@inline(never) func givenAway() { lender_take(raw(208)) }

@inline(never) func lentAndDropped() { lender_lend(112)!.deallocate() }

@inline(never) func atHome() { raw(320).deallocate() }

@inline(never) func copiedThere() { free(lender_copy("ten bytes")) }

@inline(never) func storage() -> UnsafeMutableRawPointer {
    Unmanaged.passRetained(unsafeBitCast([Int](repeating: 7, count: 50), to: AnyObject.self)).toOpaque()
}

/// The library lets the last reference go: the runtime frees on its behalf.
@inline(never) func releasedThere() { lender_release(storage()) }

@inline(never) func releasedHere() { Unmanaged<AnyObject>.fromOpaque(storage()).release() }

/// By the same way through the runtime, now for the one and now for the other.
@inline(never) func releasedInTurns() {
    releasedThere()
    releasedHere()
    releasedHere()
    releasedThere()
}

/// The program lets it go, called by the library.
@inline(never) func releasedInCallback() {
    let object = Unmanaged.passRetained(Node(nil)).toOpaque()
    // With something left to do, or it would jump to the runtime and no longer stand on the stack.
    lender_call(
        {
            Unmanaged<Node>.fromOpaque($0!).release(); done += 1
        }, object)
}

/// What one object holds another frees, all of it the program's.
@inline(never) func chainAtHome() {
    var head: Node?
    for _ in 0..<8 { head = Node(head) }
    withExtendedLifetime(head) {}
}

@inline(never) func textsAtHome() {
    var texts: [String: [Int]] = [:]
    for number in 0..<9 { texts["a text of more than fifteen bytes \(number)", default: []].append(number) }
    withExtendedLifetime(texts) {}
}

@inline(never) func afterAwait() async {
    let block = lender_lend(144)!
    await Task.yield()
    block.deallocate()
    let other = raw(240)
    await Task.yield()
    lender_take(other)
}

@inline(never) func inATask() async { await Task { await afterAwait() }.value }

let synchronous: [String: () -> Void] = [
    "givenAway": givenAway, "lentAndDropped": lentAndDropped, "atHome": atHome, "copiedThere": copiedThere,
    "releasedThere": releasedThere, "releasedInTurns": releasedInTurns, "releasedInCallback": releasedInCallback,
    "chainAtHome": chainAtHome,
    "textsAtHome": textsAtHome,
]
let name = CommandLine.arguments[1]
let count = Int(CommandLine.arguments[2])!
if let run = synchronous[name] {
    for _ in 0..<count { run() }
} else if name == "inATask" {
    for _ in 0..<count { await inATask() }
} else {
    exit(2)
}

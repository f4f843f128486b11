// Objects, arrays, dictionaries and strings that come and go; no concurrency, no Foundation. The argument is the number
// of rounds (20).

final class Node {
    let value: Int
    var next: Node?
    var children: [Node] = []

    init(_ value: Int) { self.value = value }
}

struct Checksum {
    var value: UInt64 = 1
    mutating func mix(_ other: Int) {
        value = (value ^ UInt64(truncatingIfNeeded: other)) &* 0x100_0000_01B3
    }
}

@inline(never) func chain(_ length: Int, _ sum: inout Checksum) {
    var head: Node?
    for index in 0..<length {
        let node = Node(index)
        node.next = head
        if index % 4 == 0 { node.children = (0..<3).map { Node($0 + index) } }
        head = node
    }
    while let node = head {
        sum.mix(node.value + node.children.reduce(0) { $0 + $1.value })
        head = node.next
        node.next = nil
    }
}

@inline(never) func words(_ count: Int, _ sum: inout Checksum) {
    var counts: [String: [Int]] = [:]
    for index in 0..<count {
        counts["a key that does not fit inline \(index % 97)", default: []].append(index)
    }
    var total = 0
    for (key, list) in counts { total &+= key.utf8.count &* list.count &+ (list.last ?? 0) }
    sum.mix(total)
    var text = ""
    for index in 0..<count / 4 { text += "\(index), " }
    sum.mix(text.utf8.count)
}

@inline(never) func sets(_ count: Int, _ sum: inout Checksum) {
    var seen = Set<Int>()
    for index in 0..<count { seen.insert(index &* 2_654_435_761 % 1009) }
    sum.mix(seen.count)
    sum.mix(seen.map { "\($0)" }.sorted().joined(separator: "/").utf8.count)
}

@main
struct ObjectChurn {
    static func main() {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20
        var sum = Checksum()
        for _ in 0..<rounds {
            chain(3000, &sum)
            words(4000, &sum)
            sets(4000, &sum)
        }
        print("ObjectChurn", sum.value)
    }
}

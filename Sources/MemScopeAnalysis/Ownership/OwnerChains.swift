package import MemScopeModel

/// Finds the chains of single owners in a graph.
///
/// A block with one owner hangs on that owner. From a block the chain goes on to that of the blocks on it on which most bytes hang in
/// turn; each of the others begins a chain of its own. So every block with one owner is on exactly one chain. Rings, in which each is the
/// next one's only owner, are on none.
package struct OwnerChains: Sendable {
    /// The shapes of chains of two blocks or more, those of most bytes first.
    package private(set) var chains: [OwnerChain] = []

    private static let none: Int32 = -1
    /// As many links are told apart; what comes after them is in the figures only.
    private static let most = 32
    private static let longestPeriod = 4

    /// Finds all chains. Linear in the graph.
    /// - Parameters:
    ///   - snapshot: The snapshot.
    ///   - owners: Its owners.
    ///   - isWanted: Only chains with such a block are listed; `nil` for all.
    package init(_ snapshot: HeapSnapshot, _ owners: Owners, isWanted: ((GraphBlock) -> Bool)?) {
        let graph = snapshot.graph
        let count = graph.blocks.count
        var owner = [Int32](repeating: Self.none, count: count)
        var offset = [Int32](repeating: 0, count: count)
        var hanging = [Int32](repeating: 0, count: count)
        for block in 0..<count {
            guard let only = owners.onlyOwner(of: block) else { continue }
            owner[block] = only.holder
            offset[block] = only.offset
            hanging[Int(only.holder)] += 1
        }
        // From the leaves inwards; rings never become leaves.
        var bytes = graph.blocks.map(\.size)
        var heaviest = [Int32](repeating: Self.none, count: count)
        var isSettled = [Bool](repeating: false, count: count)
        var open = (0..<count).filter { hanging[$0] == 0 }.map { Int32($0) }
        while let block = open.popLast() {
            isSettled[Int(block)] = true
            let outer = owner[Int(block)]
            guard outer >= 0 else { continue }
            let (index, other) = (Int(outer), heaviest[Int(outer)])
            bytes[index] += bytes[Int(block)]
            if other < 0 || (bytes[Int(block)], other) > (bytes[Int(other)], block) { heaviest[index] = block }
            hanging[index] -= 1
            if hanging[index] == 0 { open.append(outer) }
        }
        var shapes: [[OwnerChain.Link]: Int] = [:]
        for block in 0..<count where isSettled[block] && owner[block] >= 0 {
            let outer = Int(owner[block])
            if owner[outer] >= 0, heaviest[outer] == Int32(block) { continue }
            var way = [outer]
            var next = Int32(block)
            while next >= 0 {
                way.append(Int(next))
                next = heaviest[Int(next)]
            }
            guard way.count > 2, isWanted.map({ way.map { graph.blocks[$0] }.contains(where: $0) }) ?? true else { continue }
            add(way, offset, graph, &shapes)
        }
        chains.sort { ($1.bytes, $1.instances) < ($0.bytes, $0.instances) }
    }

    private mutating func add(
        _ way: [Int], _ offset: [Int32], _ graph: ObjectGraph, _ shapes: inout [[OwnerChain.Link]: Int]
    ) {
        var links: [OwnerChain.Link] = []
        var isRepeated: [Bool] = []
        for (index, block) in way.enumerated() where links.count < Self.most {
            let type = graph.blocks[block].type
            let field = index + 1 < way.count ? graph.plainFieldName(of: type, at: Int(offset[way[index + 1]])) : ""
            links.append(OwnerChain.Link(type: type, field: field))
            isRepeated.append(false)
            Self.fold(&links, &isRepeated)
        }
        let index = shapes[links] ?? chains.count
        if index == chains.count {
            shapes[links] = index
            chains.append(OwnerChain(links: links, isRepeated: isRepeated))
        }
        chains[index].instances += 1
        chains[index].longest = max(chains[index].longest, way.count - 1)
        chains[index].bytes += way.dropFirst().reduce(0) { $0 + graph.blocks[$1].size }
        for link in isRepeated.indices where isRepeated[link] { chains[index].isRepeated[link] = true }
    }

    /// Takes the last links away if they are those before once more.
    private static func fold(_ links: inout [OwnerChain.Link], _ isRepeated: inout [Bool]) {
        for period in 1...longestPeriod where links.count >= 2 * period {
            let last = links.suffix(period)
            guard last.elementsEqual(links.dropLast(period).suffix(period)) else { continue }
            links.removeLast(period)
            isRepeated.removeLast(period)
            for index in (isRepeated.count - period)..<isRepeated.count { isRepeated[index] = true }
            return
        }
    }
}

extension ObjectGraph {
    /// The property at an offset of a block, without the number of an element; `offset N` if it is not known.
    func plainFieldName(of type: Int?, at offset: Int) -> String {
        type.flatMap { field(of: $0, at: offset)?.field.name } ?? "offset \(offset)"
    }
}

import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// What leaked, why, and what hangs on it.
@Suite struct LeakFindingsTests {
    @Test func `a block that nothing refers to is definite, and keeps what it alone refers to`() {
        let findings = LeakFindings(.graph([100, 10, 1], edges: [(0, 1), (1, 2)]))
        #expect(findings.categories == [.definite, .held, .held])
        #expect(findings.blocks == 3)
        #expect(findings.bytes == 111)
        #expect(findings.groups.map(\.retainedBytes) == [111, 11, 1])
        #expect(findings.groups.map(\.category) == [.definite, .held, .held])
        #expect(findings.cycles.isEmpty)
    }

    @Test func `what two leaks share is kept by neither alone`() {
        let findings = LeakFindings(.graph([1, 2, 50], edges: [(0, 2), (1, 2)]))
        #expect(findings.categories == [.definite, .definite, .held])
        #expect(findings.groups.first { $0.category == .held }?.retainedBytes == 50)
        #expect(findings.groups.filter { $0.category == .definite }.map(\.retainedBytes).sorted() == [1, 2])
    }

    @Test func `blocks that refer to each other are a cycle, and so is one that refers to itself`() {
        var snapshot = HeapSnapshot.graph([10, 20, 5, 7, 3], edges: [(0, 1), (1, 0), (1, 2), (3, 3), (4, 4)])
        snapshot.types = [HeapType(name: "A", kind: .classInstance)]
        snapshot.graph.blocks[3].type = 0
        let findings = LeakFindings(snapshot)
        // The last one is no object: an empty list in C looks like that.
        #expect(findings.categories == [.cycle, .cycle, .held, .cycle, .definite])
        #expect(findings.cycles.map(\.retainedBytes) == [35, 7])
        #expect(findings.cycles.map(\.representatives) == [[0, 1], [3]])
        #expect(findings.cycles[0].members.map(\.offset) == [16, 16])
    }

    @Test func `cycles of one shape are one row`() {
        // Types and stacks alternate, so the halves differ and the wholes do not.
        var snapshot = HeapSnapshot.graph([1, 2, 1, 2, 1, 2], edges: [(0, 1), (1, 0), (3, 2), (2, 3), (4, 5), (5, 4)])
        snapshot.types = [HeapType(name: "A", kind: .classInstance), HeapType(name: "B", kind: .classInstance)]
        for index in 0..<6 {
            snapshot.graph.blocks[index].type = index % 2
            snapshot.sites[index].node = 1 + index % 2
        }
        let findings = LeakFindings(snapshot)
        #expect(findings.cycles.count == 1)
        #expect(findings.cycles.first?.instances == 3)
        #expect(findings.cycles.first?.retainedBytes == 9)
        #expect(findings.cycles.first?.members.map(\.type) == [0, 1])
    }

    @Test func `stacks and closures that look the same are one row, and what they keep counts once`() {
        // Three pairs from stacks of their own; a chain hangs on each, all of whose blocks have stacks of their own, too.
        var snapshot = HeapSnapshot.graph(
            [1, 2, 4, 1, 2, 4, 1, 2, 4],
            edges: [0, 3, 6].flatMap { (first: Int) in [(first, first + 1), (first + 1, first), (first, first + 2)] })
        snapshot.types = ["A", "B", "C"].map { HeapType(name: $0, kind: .classInstance) }
        for index in 0..<9 { snapshot.graph.blocks[index].type = index % 3 }
        snapshot.graph.closures = [10, 20, 30]
        for index in snapshot.graph.edges.indices { snapshot.graph.edges[index].closure = index / 3 }
        func rows(_ shown: [Int32], _ closures: [Int32]) -> (groups: [UInt64], kept: [UInt64], cycles: [UInt64]) {
            let findings = LeakFindings(
                // With inlined frames more nodes are shown than there are.
                snapshot, places: LeakPlaces(snapshot, shownAs: shown.map { 7 * $0 }, closures: closures),
                isKnown: [Bool](repeating: false, count: 9))
            #expect(findings.blocks == 9 && findings.bytes == 21)
            #expect(findings.groups.allSatisfy { $0.newBlocks == $0.blocks })
            for (block, row) in findings.row.enumerated() {
                #expect(
                    findings.groups[Int(row)].type == block % 3 && findings.groups[Int(row)].representative <= block)
            }
            return (
                findings.groups.map(\.blocks), findings.groups.map(\.retainedBytes), findings.cycles.map(\.instances)
            )
        }
        let apart = rows((0..<10).map { $0 }, [0, 1, 2])
        #expect(apart.groups == [UInt64](repeating: 1, count: 9) && apart.cycles == [1, 1, 1])
        let alike = rows([0, 1, 2, 3, 1, 2, 3, 1, 2, 3], [0, 0, 0])
        #expect(alike.groups == [3, 3, 3] && alike.kept == [21, 21, 12] && alike.cycles == [3])
        // The last pair's stacks differ; or what only its reference stands beside, which is no closure.
        #expect(rows([0, 1, 2, 3, 1, 2, 3, 7, 8, 9], [0, 0, 0]).cycles == [2, 1])
        #expect(rows([0, 1, 2, 3, 1, 2, 3, 1, 2, 3], [0, 0, -1]).cycles == [2, 1])
    }

    @Test func `a task and its slab refer to each other, and are no cycle unless something of the program's is in it`()
    {
        var snapshot = HeapSnapshot.graph([100, 50, 8], edges: [(0, 1), (1, 0), (1, 1), (1, 2)])
        snapshot.types = [
            HeapType(name: "Task", kind: .task), HeapType(name: "Task slab", kind: .taskSlab),
            HeapType(name: "A", kind: .classInstance),
        ]
        for index in 0..<3 { snapshot.graph.blocks[index].type = index }
        let lost = LeakFindings(snapshot)
        #expect(lost.categories == [.definite, .definite, .held] && lost.cycles.isEmpty)
        snapshot.graph.edges.append(GraphEdge(to: 0, offset: 24))
        snapshot.graph.firstEdge[3] = snapshot.graph.edges.count
        let held = LeakFindings(snapshot)
        #expect(held.categories == [.cycle, .cycle, .cycle])
        #expect(held.cycles.map { $0.members.map(\.type) } == [[2, 0, 1]])
    }

    @Test func `what blocks of one row keep in each other counts once`() {
        // A list: its first node is definite, the others are held by each other, all from one stack.
        var list = HeapSnapshot.graph([UInt64](repeating: 32, count: 1000), edges: (1..<1000).map { ($0 - 1, $0) })
        for index in list.sites.indices { list.sites[index].node = 1 }
        let findings = LeakFindings(list)
        #expect(findings.groups.map(\.category) == [.definite, .held])
        #expect(findings.groups.map(\.retainedBytes) == [32_000, 31_968])
        // A chain of objects each of which refers to itself, too.
        var chain = HeapSnapshot.graph(
            [UInt64](repeating: 64, count: 100), edges: (0..<100).map { ($0, $0) } + (1..<100).map { ($0 - 1, $0) })
        chain.types = [HeapType(name: "A", kind: .classInstance)]
        for index in 0..<100 {
            chain.sites[index].node = 1
            chain.graph.blocks[index].type = 0
        }
        let cycles = LeakFindings(chain)
        #expect(cycles.cycles.map(\.instances) == [100] && cycles.cycles.map(\.retainedBytes) == [6400])
        #expect(cycles.groups.map(\.retainedBytes) == [6400])
    }

    @Test(arguments: [TypeField.Ownership.unowned, .other])
    func `a reference that does not own closes no cycle and keeps nothing`(ownership: TypeField.Ownership) {
        // A parent that was retained once too often, and its child, which knows it without owning it.
        var snapshot = HeapSnapshot.graph([64, 32], edges: [(0, 1), (1, 0)])
        snapshot.types = [
            HeapType(name: "Parent", kind: .classInstance), HeapType(name: "Child", kind: .classInstance),
        ]
        snapshot.graph.blocks[0].type = 0
        snapshot.graph.blocks[1].type = 1
        snapshot.graph.fields = [TypeField(type: 1, offset: 16, name: "parent", ownership: ownership)]
        let findings = LeakFindings(snapshot)
        #expect(findings.cycles.isEmpty)
        #expect(findings.categories == [.definite, .held])
        #expect(findings.groups.map(\.retainedBytes) == [96, 32])
        snapshot.graph.fields[0].ownership = .strong
        #expect(LeakFindings(snapshot).cycles.count == 1)
    }

    /// An object that refers to itself by closures in so many properties: each captures nothing else, so its context is the object.
    private func holdingItself(_ properties: [String]) -> HeapSnapshot {
        var snapshot = HeapSnapshot.graph([160], edges: properties.map { _ in (0, 0) })
        snapshot.types = [HeapType(name: "Session", kind: .classInstance)]
        snapshot.graph.blocks[0].type = 0
        for (index, name) in properties.enumerated() {
            snapshot.graph.edges[index].offset = 24 + 16 * index
            snapshot.graph.fields.append(TypeField(type: 0, offset: 16 + 16 * index, name: name, ownership: .strong))
        }
        return snapshot
    }

    @Test func `where cutting the suggested reference is not enough, the others are named`() throws {
        let one = try #require(LeakFindings(holdingItself(["onOpen"])).cycles.first)
        #expect(one.further.isEmpty && one.ring.remedy?.reason == .closureCapture)
        let three = try #require(LeakFindings(holdingItself(["onOpen", "onClose", "onError"])).cycles.first)
        #expect(three.members.map(\.offset) == [24] && three.instances == 1)
        #expect(three.further.map { $0.members.map(\.offset) } == [[40], [56]])
        #expect(three.further.allSatisfy { $0.remedy?.reason == .closureCapture })
        // As many as anybody reads.
        let many = try #require(LeakFindings(holdingItself((0..<9).map { "on\($0)" })).cycles.first)
        #expect(many.further.count == 4)
        // The rule says nothing of the second: it is named, and the search is at its end.
        var odd = holdingItself(["onOpen", "me", "too"])
        odd.graph.edges[1].offset = 32
        odd.graph.edges[2].offset = 48
        let cycle = try #require(LeakFindings(odd).cycles.first)
        #expect(cycle.further.map { $0.members.map(\.offset) } == [[32]] && cycle.further[0].remedy == nil)
    }

    @Test
    func `a change of the source cuts all references of a kind, so that children of one parent are one suggestion`() {
        // A parent, an array of its children, and these, each of which knows the parent and the child before it.
        var edges = [(0, 1)]
        for child in 2..<6 { edges += [(1, child), (child, 0)] }
        for child in 3..<6 { edges += [(child, child - 1), (child - 1, child)] }
        var snapshot = HeapSnapshot.graph([64, 80, 32, 32, 32, 32], edges: edges)
        snapshot.types = ["Parent", "Array", "Child"].map { HeapType(name: $0, kind: .classInstance) }
        for block in 0..<6 { snapshot.graph.blocks[block].type = min(block, 2) }
        for block in 2..<6 {
            let own = snapshot.graph.firstEdge[block]..<snapshot.graph.firstEdge[block + 1]
            for edge in own {
                let target = snapshot.graph.edges[edge].to
                snapshot.graph.edges[edge].offset = target == 0 ? 16 : target < block ? 24 : 32
            }
        }
        snapshot.graph.fields = ["parent", "previous", "next"].enumerated().map { index, name in
            TypeField(type: 2, offset: 16 + 8 * index, name: name, ownership: .strong)
        }
        let cycles = LeakFindings(snapshot).cycles
        #expect(cycles.count == 1 && cycles[0].members.map(\.type) == [0, 1, 2])
        #expect(cycles[0].ring.remedy?.reason == .backReference)
        // The neighbours' references are one kind, too: with those to the one before cut, nothing is left.
        #expect(cycles[0].further.count == 1)
        #expect(cycles[0].further.first?.remedy.map { cycles[0].further[0].members[$0.member].offset } == 24)
    }

    @Test func `weak references hold nothing, and neither do blocks that live`() {
        var snapshot = HeapSnapshot.graph([1, 1, 1], edges: [(0, 1), (1, 0), (2, 1)])
        snapshot.graph.edges[1].kind = .weak
        snapshot.graph.blocks[2].isReachable = true
        let findings = LeakFindings(snapshot)
        #expect(findings.categories == [.definite, .held, nil])
        #expect(findings.cycles.isEmpty)
    }

    @Test func `the dead and the ignored are told apart`() {
        var snapshot = HeapSnapshot.graph([1, 2, 4], edges: [(1, 0)])
        snapshot.graph.blocks[0].isDead = true
        snapshot.graph.blocks[0].isReachable = true
        snapshot.graph.blocks[1].isIgnored = true
        let findings = LeakFindings(snapshot)
        #expect(findings.categories == [.dead, nil, .definite])
        #expect(findings.blocks == 1)
        #expect(findings.bytes == 4)
    }

    @Test(arguments: 0..<200)
    func `components and retained sizes equal those of a search from every block`(seed: UInt64) {
        var generator = LinearGenerator(state: seed &* 7919 &+ 1)
        let count = 1 + Int(seed % 24)
        let edges = (0..<Int.random(in: 0...(2 * count), using: &generator)).map { _ in
            (Int.random(in: 0..<count, using: &generator), Int.random(in: 0..<count, using: &generator))
        }
        let snapshot = HeapSnapshot.graph((0..<count).map { 1 << ($0 % 20) }, edges: edges)
        let leaked = BlockSubgraph(leakedIn: snapshot.graph)
        let components = StrongComponents(leaked)
        let retained = RetainedSizes(snapshot.graph, leaked, components)
        let reach = (0..<count).map { snapshot.reached(from: [$0], without: []) }
        // Every component that nothing outside refers to is where a search from outside would begin.
        let outermost = (0..<count).filter { node in
            !(0..<count).contains { reach[$0].contains(node) && !reach[node].contains($0) }
        }
        let everything = snapshot.reached(from: outermost, without: [])
        #expect(everything.count == count)
        for first in 0..<count {
            for second in 0..<count {
                let isOne = reach[first].contains(second) && reach[second].contains(first)
                #expect((components.component[first] == components.component[second]) == isOne, "\(edges)")
            }
            let component = Int(components.component[first])
            let members = Set(components.members(of: component).map { Int($0) })
            let rest = snapshot.reached(from: outermost.filter { !members.contains($0) }, without: members)
            let bytes = everything.subtracting(rest).reduce(0) { $0 + snapshot.graph.blocks[$1].size }
            #expect(retained.bytes[component] == bytes, "\(edges), block \(first)")
        }
        // Three rows: what any block of one keeps, each byte once.
        var sums = RetainedSums(retained)
        var expected = [Set<Int>](repeating: [], count: 3)
        for component in sums.order.map({ Int($0) }) {
            let members = Set(components.members(of: component).map { Int($0) })
            let rest = snapshot.reached(from: outermost.filter { !members.contains($0) }, without: members)
            for row in Set(members.map { $0 % 3 }) {
                sums.add(component, to: row)
                expected[row].formUnion(everything.subtracting(rest))
            }
        }
        for (row, kept) in expected.enumerated() where row < sums.bytes.count {
            #expect(sums.bytes[row] == kept.reduce(0) { $0 + snapshot.graph.blocks[$1].size }, "\(edges), row \(row)")
        }
    }
}

/// Numbers that are the same for the same start.
private struct LinearGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}

extension HeapSnapshot {
    /// Leaked blocks of the given sizes, each allocated by a stack of its own size, with references at offset 16.
    static func graph(_ sizes: [UInt64], edges: [(from: Int, to: Int)]) -> HeapSnapshot {
        var snapshot = HeapSnapshot()
        snapshot.nodes = [CallNode(parent: 0, address: 0, kind: .frame)]
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.contexts = [AllocationContext(thread: 0)]
        for (index, size) in sizes.enumerated() {
            snapshot.nodes.append(CallNode(parent: 0, address: 0, kind: .frame))
            snapshot.sites.append(AllocationSite(node: index + 1, size: size))
            snapshot.graph.blocks.append(
                GraphBlock(address: UInt64(index + 1) << 8, size: size, site: index, context: 0))
            snapshot.graph.firstEdge.append(snapshot.graph.edges.count)
            for edge in edges where edge.from == index {
                snapshot.graph.edges.append(GraphEdge(to: edge.to, offset: 16))
            }
        }
        snapshot.graph.firstEdge.append(snapshot.graph.edges.count)
        return snapshot
    }

    fileprivate func reached(from starts: [Int], without barred: Set<Int>) -> Set<Int> {
        var seen = Set(starts)
        var open = starts
        while let node = open.popLast() {
            for edge in graph.edges(of: node) where !seen.contains(edge.to) && !barred.contains(edge.to) {
                seen.insert(edge.to)
                open.append(edge.to)
            }
        }
        return seen
    }
}

import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// What tasks and scopes keep alive alone.
@Suite struct SoleBytesTests {
    @Test func `a task keeps what is reached only through its object and its slabs`() throws {
        // The root leads to a task (0) and to 3. The task has a slab (1), which has 2, and shares 3 with the root and 4 with nobody.
        var snapshot = HeapSnapshot.alive(
            [1, 2, 4, 8, 16], edges: [(0, 1), (1, 2), (1, 3), (0, 4), (1, 4)], roots: [0, 3])
        snapshot.addTask(0, slabs: [1])
        let sole = try #require(SoleBytes(snapshot))
        #expect(sole.ofTask == [1 + 2 + 4 + 16])
        #expect(sole.ofTaskSite == [1 + 2 + 4 + 16])
    }

    @Test func `an async let has no block of its own, and what is lost is kept by nobody`() throws {
        var snapshot = HeapSnapshot.alive([1, 2], edges: [(1, 0)], roots: [0])
        snapshot.addTask(1, slabs: [])
        snapshot.tasks.append(TrackedTask(id: 9, site: nil))
        let sole = try #require(SoleBytes(snapshot))
        #expect(sole.ofTask == [0, nil])
        #expect(sole.ofTaskSite == [0])
    }

    @Test func `tasks of one site count each byte once`() throws {
        // One task keeps another.
        var snapshot = HeapSnapshot.alive([1, 2, 4], edges: [(0, 1), (1, 2)], roots: [0])
        snapshot.addTask(0, slabs: [])
        snapshot.addTask(1, slabs: [])
        let sole = try #require(SoleBytes(snapshot))
        #expect(sole.ofTask == [7, 6])
        #expect(sole.ofTaskSite == [7])
    }

    @Test func `a scope keeps its own blocks and what one of them keeps; an outer scope what inner ones do`() throws {
        var snapshot = HeapSnapshot.alive([1, 2, 4, 8], edges: [(0, 1), (1, 2), (0, 3)], roots: [0, 3])
        snapshot.scopes = [
            ScopePath(parent: nil, name: "outer", entries: 1), ScopePath(parent: 0, name: "inner", entries: 1),
        ]
        snapshot.contexts += [AllocationContext(thread: 0, scope: 0), AllocationContext(thread: 0, scope: 1)]
        snapshot.graph.blocks[1].context = 2
        snapshot.graph.blocks[3].context = 1
        // 2 was allocated outside of both, and is reached through 1 alone.
        #expect(try #require(SoleBytes(snapshot)).ofScope == [2 + 4 + 8, 2 + 4])
    }

    @Test func `a property that does not own keeps nothing`() throws {
        // A task (0) keeps a parent (1), whose child (2) a root keeps as well; the child refers to the parent.
        var snapshot = HeapSnapshot.alive([1, 2, 4], edges: [(0, 1), (1, 2), (2, 1)], roots: [0, 2])
        snapshot.addTask(0, slabs: [])
        #expect(try #require(SoleBytes(snapshot)).ofTask == [1])
        snapshot.graph.blocks[2].type = snapshot.types.count
        snapshot.graph.fields = [
            TypeField(type: snapshot.types.count, offset: 0, name: "parent", ownership: .unowned)
        ]
        snapshot.types.append(HeapType(name: "app.Child", kind: .classInstance))
        #expect(try #require(SoleBytes(snapshot)).ofTask == [1 + 2])
    }

    @Test func `without the whole graph nothing is known`() {
        #expect(SoleBytes(HeapSnapshot.alive([1], edges: [], roots: [])) == nil)
    }

    @Test(arguments: 0..<300)
    func `figures equal those of searches with blocks left out`(seed: UInt64) throws {
        var generator = LinearGenerator(state: seed &* 7919 &+ 1)
        let count = 1 + Int(seed % 20)
        func node() -> Int { Int.random(in: 0..<count, using: &generator) }
        let edges = (0..<Int.random(in: 0...(3 * count), using: &generator)).map { _ in (node(), node()) }
        let roots = (0..<1 + Int(seed % 3)).map { _ in node() }
        var snapshot = HeapSnapshot.alive((0..<count).map { 1 << $0 }, edges: edges, roots: roots)
        snapshot.scopes = [
            ScopePath(parent: nil, name: "outer", entries: 1), ScopePath(parent: 0, name: "inner", entries: 1),
        ]
        snapshot.contexts += [AllocationContext(thread: 0, scope: 0), AllocationContext(thread: 0, scope: 1)]
        for block in 0..<count { snapshot.graph.blocks[block].context = Int.random(in: 0...2, using: &generator) }
        let everything = snapshot.reached(without: [])
        let keeping = KeepingGraph(snapshot.graph)
        func kept(by blocks: Set<Int>) -> Set<Int> { everything.subtracting(snapshot.reached(without: blocks)) }
        func bytes(_ blocks: Set<Int>) -> UInt64 { blocks.reduce(0) { $0 + snapshot.graph.blocks[$1].size } }
        for block in 0..<count {
            let number = Int(keeping.node[block])
            #expect((number > 0) == everything.contains(block))
            if number > 0 { #expect(keeping.bytes[number] == bytes(kept(by: [block])), "\(edges) \(roots) \(block)") }
        }
        let sole = try #require(SoleBytes(snapshot))
        for (scope, members) in [[1, 2], [2]].enumerated() {
            let own = (0..<count).filter { members.contains(snapshot.graph.blocks[$0].context) }
            #expect(sole.ofScope[scope] == bytes(own.reduce(into: Set()) { $0.formUnion(kept(by: [$1])) }), "\(edges)")
        }
        // Two blocks as one task, whose object leads to its slab.
        guard count > 1, everything.contains(0) else { return }
        var withTask = HeapSnapshot.alive(
            (0..<count).map { 1 << $0 }, edges: edges + [(0, count - 1)], roots: roots)
        withTask.addTask(0, slabs: [count - 1])
        let lost = withTask.reached(without: []).subtracting(withTask.reached(without: [0, count - 1]))
        #expect(try #require(SoleBytes(withTask)).ofTask == [bytes(lost)], "\(edges) \(roots)")
    }
}

extension HeapSnapshot {
    /// Blocks of the given sizes that are alive as far as a root leads to them, allocated in no scope.
    fileprivate static func alive(_ sizes: [UInt64], edges: [(from: Int, to: Int)], roots: [Int]) -> HeapSnapshot {
        var snapshot = HeapSnapshot()
        snapshot.nodes = [CallNode(parent: 0, address: 0, kind: .frame), CallNode(parent: 0, address: 0, kind: .frame)]
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.contexts = [AllocationContext(thread: 0)]
        snapshot.sites = [AllocationSite(node: 1, size: 1)]
        for (index, size) in sizes.enumerated() {
            snapshot.graph.blocks.append(GraphBlock(address: UInt64(index + 1) << 8, size: size, site: 0, context: 0))
            snapshot.graph.firstEdge.append(snapshot.graph.edges.count)
            for edge in edges where edge.from == index {
                snapshot.graph.edges.append(GraphEdge(to: edge.to, offset: 16))
            }
        }
        snapshot.graph.firstEdge.append(snapshot.graph.edges.count)
        snapshot.graph.roots = roots.map { GraphRoot(address: 0x10, to: $0, kind: .global, name: "app") }
        return snapshot
    }

    /// Says that a block is a task's object, created at the one site there is.
    fileprivate mutating func addTask(_ object: Int, slabs: [Int]) {
        if taskSites.isEmpty { taskSites = [TaskSite(node: 1, kind: .unstructured)] }
        tasks.append(TrackedTask(id: UInt64(tasks.count + 1), site: 0))
        let task = tasks.count - 1
        graph.taskBlocks.append(TaskBlock(block: object, task: task, role: .object, object: object))
        graph.taskBlocks += slabs.map { TaskBlock(block: $0, task: task, role: .slab, object: object) }
    }

    fileprivate func reached(without barred: Set<Int>) -> Set<Int> {
        var open = graph.roots.map(\.to).filter { !barred.contains($0) }
        var seen = Set(open)
        while let node = open.popLast() {
            for edge in graph.edges(of: node) where !barred.contains(edge.to) && seen.insert(edge.to).inserted {
                open.append(edge.to)
            }
        }
        return seen
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

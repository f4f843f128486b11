import MemScopeModel
import Testing

@testable import MemScopeAnalysis

@Suite struct CopyStormTests {
    private func storms(_ sites: [AllocationSite], _ evidence: CopyEvidence) -> [CopyStorm] {
        var snapshot = HeapSnapshot()
        snapshot.sites = sites
        return CopyStorm.all(of: snapshot) { _ in evidence }
    }

    private func site(
        size: UInt64, _ allocations: UInt64, frees: UInt64? = nil, temporaries: UInt64 = 0, peak: UInt64 = 0
    ) -> AllocationSite {
        AllocationSite(
            node: 1, size: size, allocations: allocations, frees: frees ?? allocations, temporaries: temporaries,
            allocatedBytes: size * allocations, freedBytes: size * (frees ?? allocations), peakBlocks: peak)
    }

    @Test func `copies that replace each other are a storm`() throws {
        let storm = try #require(storms([site(size: 1000, 400, frees: 399, temporaries: 1)], .wasShared).first)
        #expect(storm.copies == 398 && storm.bytes == 398_000 && storm.confidence == 0.8)
    }

    @Test func `scratch copies, copies that stay, small ones and few are none`() {
        #expect(storms([site(size: 1000, 400, temporaries: 400)], .wasShared).isEmpty)
        #expect(storms([site(size: 1000, 400, frees: 0)], .wasShared).isEmpty)
        #expect(storms([site(size: 1000, 400, peak: 200)], .wasShared).isEmpty)
        #expect(storms([site(size: 64, 400)], .wasShared).isEmpty)
        #expect(storms([site(size: 1000, 99)], .wasShared).isEmpty)
        #expect(storms([site(size: 1000, 400)], .none).isEmpty)
    }

    @Test func `growth is taken off where the functions do not tell`() {
        let growth = [site(size: 128, 400), site(size: 256, 400), site(size: 512, 390)]
        #expect(storms(growth, .wasSharedOrFull).isEmpty)
        #expect(storms(growth, .wasShared).map(\.copies) == [1190])
        let storm = storms([site(size: 128, 3), site(size: 4096, 900)], .wasSharedOrFull)
        #expect(storm.map(\.copies) == [900] && storm.map(\.confidence) == [0.5])
        #expect(storms([site(size: 4096, 900)], .wasSharedOrFull).map(\.confidence) == [0.7])
    }
}

@Suite struct StructCandidateTests {
    private var snapshot = HeapSnapshot()

    /// A list that owns 30 objects.
    init() {
        snapshot.leakScan.outcome = .done
        snapshot.types = [
            HeapType(name: "app.Point", kind: .classInstance), HeapType(name: "Swift._Storage", kind: .classInstance),
            HeapType(name: "app.Other", kind: .classInstance), HeapType(name: "closure", kind: .closureContext),
        ]
        snapshot.sites = [AllocationSite(node: 7, size: 32)]
        add(type: 1, to: Array(1...30))
        for _ in 0..<30 { add(type: 0, to: []) }
        snapshot.graph.roots = [GraphRoot(address: 8, to: 0, kind: .global, name: "app")]
    }

    private mutating func add(type: Int, to targets: [Int], kind: GraphEdge.Kind = .strong) {
        var block = GraphBlock(
            address: UInt64(snapshot.graph.blocks.count + 1) << 5, size: 32, site: 0, context: 0, type: type)
        block.isReachable = true
        snapshot.graph.blocks.append(block)
        if snapshot.graph.firstEdge.isEmpty { snapshot.graph.firstEdge = [0] }
        for target in targets {
            snapshot.graph.edges.append(GraphEdge(to: target, offset: 32 + 8 * target, kind: kind))
        }
        snapshot.graph.firstEdge.append(snapshot.graph.edges.count)
    }

    private var candidates: [StructCandidate] {
        StructCandidate.all(of: snapshot) { $0.name.hasPrefix("app.") }
    }

    @Test func `objects with one owner each could be values`() {
        #expect(candidates.map(\.type) == [0] && candidates.map(\.instances) == [30])
        #expect(candidates.map(\.node) == [7] && candidates.map(\.bytes) == [960])
    }

    @Test func `one shared object is enough to keep a class`() {
        var other = self
        other.add(type: 2, to: [5])
        #expect(other.candidates.isEmpty)
        var global = self
        global.snapshot.graph.roots.append(GraphRoot(address: 16, to: 5, kind: .global, name: "app"))
        #expect(global.candidates.isEmpty)
        var stack = self
        stack.snapshot.graph.roots.append(GraphRoot(address: 16, to: 5, kind: .stack, name: "main"))
        #expect(stack.candidates.count == 1)
    }

    @Test func `so is a weak reference`() {
        var other = self
        other.add(type: 2, to: [5], kind: .weak)
        #expect(other.candidates.isEmpty)
    }

    @Test func `a property that does not own is no owner`() {
        var other = self
        other.add(type: 2, to: Array(32...61))
        for _ in 0..<30 { other.add(type: 0, to: []) }
        #expect(other.candidates.map(\.instances) == [60])
        other.snapshot.graph.fields = [TypeField(type: 2, offset: 32, name: "parents", ownership: .unowned, stride: 8)]
        #expect(other.candidates.isEmpty)
    }

    @Test func `what closures hold, refers to its own kind or shares its place with another class stays a class`() {
        var captured = self
        captured.add(type: 0, to: [])
        captured.add(type: 3, to: [31])
        #expect(captured.candidates.isEmpty)
        var list = self
        list.add(type: 0, to: [])
        list.add(type: 0, to: [31])
        #expect(list.candidates.isEmpty)
        var several = self
        several.add(type: 0, to: [])
        several.add(type: 2, to: [])
        several.add(type: 1, to: [31, 32])
        #expect(several.candidates.isEmpty)
    }

    @Test func `nothing is said without the whole graph, of few objects and of large ones`() {
        var partial = self
        partial.snapshot.graph.roots = []
        #expect(partial.candidates.isEmpty)
        var large = self
        for index in 1...30 { large.snapshot.graph.blocks[index].size = 200 }
        #expect(large.candidates.isEmpty)
        var few = self
        for index in 1...15 { few.snapshot.graph.blocks[index].type = 2 }
        #expect(few.candidates.isEmpty)
    }
}

import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// main calls a and b; a allocates objects of two types in two sizes, b one buffer.
private func snapshot() -> HeapSnapshot {
    var snapshot = HeapSnapshot()
    snapshot.addresses = [0x10, 0x20, 0x30]
    snapshot.nodes = [
        CallNode(parent: 0, address: 0, kind: .frame), CallNode(parent: 0, address: 0, kind: .frame),
        CallNode(parent: 1, address: 1, kind: .frame), CallNode(parent: 1, address: 2, kind: .frame),
    ]
    snapshot.types = [HeapType(name: "T", kind: .classInstance), HeapType(name: "U", kind: .classInstance)]
    snapshot.sites = [
        AllocationSite(
            node: 2, size: 32, type: 0, allocations: 10, frees: 6, temporaries: 2, allocatedBytes: 320,
            freedBytes: 192, peakBlocks: 5, peakBytes: 160),
        AllocationSite(node: 2, size: 64, allocations: 1, frees: 0, allocatedBytes: 64),
        AllocationSite(
            node: 3, size: 4_096, hasMixedSizes: true, allocations: 2, frees: 2, temporaries: 1,
            allocatedBytes: 6_000, freedBytes: 6_000, peakBlocks: 1, peakBytes: 3_000),
    ]
    snapshot.threads = [
        TrackedThread(tid: 1, name: "main", hasExited: false), TrackedThread(tid: 2, name: "io", hasExited: true),
    ]
    snapshot.scopes = [
        ScopePath(parent: nil, name: "request", entries: 1), ScopePath(parent: 0, name: "decode", entries: 2),
        ScopePath(parent: 1, name: "leaf", entries: 2),
    ]
    snapshot.contexts = [
        AllocationContext(thread: 0, allocations: 5, frees: 4, allocatedBytes: 6_100, freedBytes: 6_064),
        AllocationContext(thread: 1, scope: 2, allocations: 7, frees: 3, allocatedBytes: 224, freedBytes: 96),
        AllocationContext(thread: 1, scope: 0, allocations: 1, frees: 1, allocatedBytes: 60, freedBytes: 32),
    ]
    return snapshot
}

@Suite struct CallTreeTotalsTests {
    /// The trie itself as the tree.
    private func totals(_ snapshot: HeapSnapshot) -> CallTreeTotals {
        CallTreeTotals(
            snapshot, at: snapshot.nodes.indices.map { Int32($0) }, parents: snapshot.nodes.map { Int32($0.parent) })
    }

    @Test func `a node's totals include what is below it`() {
        let totals = totals(snapshot())
        #expect(totals[2].allocations == 11)
        #expect(totals[2].liveBytes == 192)
        #expect(totals[1].allocations == 13)
        #expect(totals[1].peakBytes == 3_160)
        #expect(totals[0] == totals[1])
    }

    @Test func `temporary bytes are exact for one size and a mean for many`() {
        let totals = totals(snapshot())
        #expect(totals[2].temporaryBytes == 64)
        #expect(totals[3].temporaryBytes == 3_000)
    }

    @Test func `nothing gives nothing`() {
        #expect(totals(HeapSnapshot())[0] == AllocationTotals())
        #expect(totals(HeapSnapshot()).stacks.isEmpty)
    }

    @Test func `sizes of one stack are one stack, and nodes that share a place are two`() {
        let snapshot = snapshot()
        let apart = totals(snapshot).stacks
        #expect(apart.map(\.node) == [2, 3])
        #expect(apart.map(\.stacks) == [1, 1])
        #expect(apart.map(\.totals.allocations) == [11, 2])
        let together = CallTreeTotals(snapshot, at: [0, 1, 2, 2], parents: [0, 0, 1])
        #expect(together.stacks.map(\.stacks) == [2])
        #expect(together[2].allocations == 13)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `trees of any shape sum up as one adds by hand`(seed: UInt64) {
        var state = seed
        func number(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var snapshot = HeapSnapshot()
        // Chains, forks, nodes with stacks of their own above others, and nodes without any.
        snapshot.nodes = (0..<200).map {
            CallNode(
                parent: number(below: 3) > 0 ? max($0 - 1, 0) : number(below: max($0, 1)), address: 0, kind: .frame)
        }
        snapshot.sites = (0..<60).map { _ in
            AllocationSite(node: number(below: 200), size: 1, allocations: UInt64(1 + number(below: 1_000)))
        }
        let totals = totals(snapshot)
        var expected = [UInt64](repeating: 0, count: 200)
        for site in snapshot.sites {
            var node = site.node
            expected[node] += site.allocations
            while node > 0 {
                node = snapshot.nodes[node].parent
                expected[node] += site.allocations
            }
        }
        #expect(snapshot.nodes.indices.map { totals[$0].allocations } == expected)
        #expect(totals.map(\.allocations) == expected)
    }
}

@Suite struct RankingTests {
    @Test(arguments: [1, 3, 10])
    func `a ranking keeps the largest, ties in the order of their indices`(limit: Int) {
        let values: [UInt64] = (0..<500).map { ($0 * 7_919) % 31 }
        var ranking = Ranking(limit: limit)
        for (index, value) in values.enumerated() { ranking.offer(value, of: index) }
        let sorted = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
        #expect(ranking.indices() == Array(sorted.prefix(limit)))
    }
}

@Suite struct TypeTotalsTests {
    @Test func `freed blocks take their own type, live blocks theirs, and the rest is untyped`() {
        var snapshot = snapshot()
        snapshot.freedTypes = [FreedType(site: 0, type: 1, frees: 2, bytes: 64)]
        snapshot.liveGroups = [
            LiveGroup(site: 0, context: 0, type: 0, blocks: 3, bytes: 96),
            LiveGroup(site: 0, context: 0, type: nil, blocks: 1, bytes: 32),
        ]
        let rows = TypeTotals.all(of: snapshot)
        #expect(rows.map(\.type) == [0, 1, nil])
        #expect(rows[0].frees == 4 && rows[0].liveBlocks == 3 && rows[0].allocatedBytes == 224)
        #expect(rows[1].frees == 2 && rows[1].liveBlocks == 0 && rows[1].allocatedBytes == 64)
        // The second site's block was not in the pass over the heap, and the third site has no type.
        #expect(rows[2].liveBlocks == 2 && rows[2].liveBytes == 96 && rows[2].frees == 2)
        #expect(rows.reduce(0) { $0 + $1.allocations } == 13)
        #expect(rows.reduce(0) { $0 + $1.allocatedBytes } == 6_384)
    }

    @Test func `more freed types than frees take only what there is`() {
        var snapshot = snapshot()
        snapshot.freedTypes = [FreedType(site: 0, type: 1, frees: 99, bytes: 99_999)]
        let rows = TypeTotals.all(of: snapshot)
        #expect(rows.first { $0.type == 1 }?.frees == 6)
        #expect(rows.reduce(0) { $0 + $1.allocatedBytes } == 6_384)
    }
}

@Suite struct ContextTotalsTests {
    @Test func `threads sum their contexts`() {
        let threads = ThreadTotals(snapshot()).threads
        #expect(threads.map(\.allocations) == [5, 8])
        #expect(threads[1].liveBytes == 156)
    }

    @Test func `a scope includes the scopes inside it`() {
        let totals = ScopeTotals(snapshot())
        #expect(totals.own.map(\.allocations) == [1, 0, 7])
        #expect(totals.inclusive.map(\.allocations) == [8, 7, 7])
        #expect(totals.inclusive[0].liveBytes == 156)
    }
}

@Suite struct SizeTotalsTests {
    @Test(
        arguments: [
            (0, 0...0), (1, 1...1), (2, 2...2), (3, 3...4), (4, 3...4), (5, 5...8), (64, 33...64), (65, 65...128),
            (1 << 63, (1 << 62 + 1)...(1 << 63)), (.max, (1 << 63 + 1)...(.max)),
        ] as [(UInt64, ClosedRange<UInt64>)])
    func `a size falls into the range that ends at a power of two`(size: UInt64, range: ClosedRange<UInt64>) {
        var snapshot = snapshot()
        snapshot.sites = [AllocationSite(node: 2, size: size, allocations: 3)]
        let rows = SizeTotals.histogram(of: snapshot)
        #expect(rows.map(\.sizes) == [range])
        #expect(rows.first?.totals.allocations == 3)
    }

    @Test func `ranges are in order and empty ones left out`() {
        #expect(SizeTotals.histogram(of: snapshot()).map(\.sizes) == [17...32, 33...64, 2_049...4_096])
    }
}

@Suite struct TimelineThinningTests {
    private func samples(_ count: Int) -> [TimelineSample] {
        (0..<count).map { (index: Int) -> TimelineSample in
            let live: UInt64 =
                switch index {
                case 777: 9_999
                case 300: 1
                default: UInt64(100 + index % 7)
                }
            return TimelineSample(
                time: UInt64(index), liveBytes: live, liveBlocks: 0, allocations: 0, allocatedBytes: 0, residentBytes: 0
            )
        }
    }

    @Test(arguments: [4, 5, 10, 100, 999])
    func `ends, peak and valley stay, and the limit holds`(limit: Int) {
        let thin = TimelineThinning.thin(samples(1_000), to: limit)
        #expect(thin.count <= limit)
        #expect(thin.first?.time == 0 && thin.last?.time == 999)
        #expect(thin.contains { $0.time == 777 } && thin.contains { $0.time == 300 })
        #expect(zip(thin, thin.dropFirst()).allSatisfy { $0.time < $1.time })
    }

    @Test func `a short timeline stays as it is`() {
        #expect(TimelineThinning.thin(samples(5), to: 5) == samples(5))
        #expect(TimelineThinning.thin([], to: 4).isEmpty)
    }
}

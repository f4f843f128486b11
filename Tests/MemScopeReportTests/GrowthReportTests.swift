import MemScopeModel
import Testing

@testable import MemScopeReport

/// What a report says of growth, and of what changed in which interval.
@Suite struct GrowthReportTests {
    private let frames: [UInt64: [Report.Frame]] = [
        1: [Report.Frame(function: "main", file: "/src/main.swift", line: 3, module: "app")],
        2: [Report.Frame(function: "List.append()", file: "/src/List.swift", line: 7, module: "app")],
        3: [Report.Frame(function: "Cache.fill()", file: "/src/Cache.swift", line: 9, module: "app")],
        4: [Report.Frame(function: "swift_allocObject", module: "libswiftCore.so", isRuntime: true)],
    ]

    /// A list that grows by two a round, in two sizes, and a cache that is full after three rounds.
    private func growing(rounds: Int = 12) -> HeapSnapshot {
        var snapshot = snapshot([Stack([1, 2, 4], 64, 64), Stack([1, 2, 4], 32, 32), Stack([1, 3, 4], 100, 100)])
        snapshot.types = [
            HeapType(name: "app.Item", kind: .classInstance), HeapType(name: "app.Page", kind: .classInstance),
            HeapType(name: "app.Item", kind: .classInstance),
        ]
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.contexts = [AllocationContext(thread: 0, allocations: 3, allocatedBytes: 196)]
        snapshot.liveGroups = [LiveGroup(site: 0, context: 0, type: 0, blocks: 1, bytes: 64)]
        snapshot.sites[1].type = 2
        snapshot.sites[2].type = 1
        for round in 0..<rounds {
            var changes = [
                SiteChange(site: 0, size: 64, allocations: 1, frees: 0),
                SiteChange(site: 1, size: 32, allocations: 3, frees: 2),
            ]
            changes.append(SiteChange(site: 2, size: 100, allocations: 1, frees: round < 3 ? 0 : 1))
            snapshot.history.append(time: UInt64(round + 1) * 2_000_000_000, mark: "round \(round)", changes)
        }
        snapshot.history.append(time: 99_000_000_000, [])
        return snapshot
    }

    private func build(_ snapshot: HeapSnapshot, limit: Int = 40_000) -> Report {
        var options = ReportOptions()
        options.maximumChanges = limit
        return ReportBuilder.build(snapshot, names: names(snapshot, frames), options: options)
    }

    @Test func `lines and types that grew are judged, those to worry about first`() {
        let report = build(growing())
        let places = report.growth.filter { $0.kind == "callSite" }
        #expect(places.map(\.frame.function) == ["List.append()", "Cache.fill()"])
        #expect(places.map(\.verdict) == ["unbounded", "bounded"])
        let types = report.growth.filter { $0.kind == "type" }
        #expect(types.map(\.name) == ["app.Item", "app.Page"])
        #expect(types.map(\.verdict) == ["unbounded", "bounded"])
        #expect(report.growth.allSatisfy { $0.accuracy == .inferred && $0.confidence > 0.5 && $0.confidence < 1 })
        #expect(places[0].blocks.prefix(3) == [2, 4, 6] && places[0].bytes.prefix(3) == [96, 192, 288])
        #expect(places[0].blocks.count == report.timeline.intervals.count)
        #expect(places[0].blocksPerSecond == 1 && places[0].bytesPerSecond == 48)
        #expect(report.callTree.nodes[places[0].node].frame.function == "List.append()")
        #expect(places[0].reason.contains("a search for leaks would say"))
        #expect(report.notCollected["growth"] == nil && report.contradiction == nil)
    }

    @Test func `with a search for leaks, what is not reached is a leak`() {
        var snapshot = growing()
        snapshot.leakScan.outcome = .done
        for address in 1...24 {
            var block = GraphBlock(address: UInt64(address) << 6, size: 64, site: 0, context: 0, type: 0)
            block.isReachable = address % 4 == 0
            snapshot.graph.blocks.append(block)
        }
        snapshot.graph.firstEdge = [Int](repeating: 0, count: 25)
        let report = build(snapshot)
        #expect(report.growth.filter { $0.verdict == "leak" }.map(\.name) == ["", "app.Item"])
        #expect(report.growth[0].reason.contains("Nothing refers to 18 of its blocks"))
    }

    @Test func `what the end of the program freed is not said to be there`() {
        var snapshot = growing()
        snapshot.history.append(
            time: 100_000_000_000,
            [
                SiteChange(site: 0, size: 64, allocations: 0, frees: 12),
                SiteChange(site: 1, size: 32, allocations: 0, frees: 12),
            ])
        let list = build(snapshot).growth[0]
        #expect(list.verdict == "unbounded" && list.blocks.last == 0)
        #expect(list.reason.hasSuffix("At the end nothing of it was left."))
        #expect(!list.reason.contains("still there"))
    }

    @Test func `intervals say what changed in which node, and add up`() {
        let report = build(growing())
        let intervals = report.timeline.intervals
        #expect(intervals.count == 13)
        #expect(intervals.map(\.endNanoseconds).prefix(2) == [2_000_000_000, 4_000_000_000])
        #expect(intervals[0].mark == "round 0" && intervals[12].mark == nil && intervals[12].changes.isEmpty)
        let list = intervals[0].changes.first { report.callTree.nodes[$0.node].frame.function == "swift_allocObject" }
        #expect(list?.allocations == 4 && list?.allocatedBytes == 160 && list?.frees == 2 && list?.freedBytes == 64)
    }

    @Test(arguments: [1, 3, 10, 30])
    func `where there is no room for all nodes, changes count for outer ones`(limit: Int) {
        let whole = build(growing()).timeline.intervals.flatMap(\.changes)
        let folded = build(growing(), limit: limit).timeline.intervals.flatMap(\.changes)
        #expect(folded.count <= whole.count)
        #expect(folded.map(\.allocatedBytes).reduce(0, +) == whole.map(\.allocatedBytes).reduce(0, +))
        #expect(folded.map(\.frees).reduce(0, +) == whole.map(\.frees).reduce(0, +))
    }

    @Test func `too little to judge by is said`() {
        var snapshot = growing(rounds: 3)
        #expect(build(snapshot).growth.allSatisfy { $0.verdict == "warmingUp" && $0.confidence < 0.5 })
        #expect(build(snapshot).notCollected["growth"]?.contains("MemoryTracker.mark") == true)
        snapshot.history = HeapHistory()
        let report = build(snapshot)
        #expect(report.growth.isEmpty && report.timeline.intervals.isEmpty)
        #expect(report.notCollected["growth"]?.contains("memory") == true)
        #expect(report.notCollected["timeline.intervals"] != nil)
    }
}

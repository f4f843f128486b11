import MemScopeAnalysis
import MemScopeModel
import Testing

@testable import MemScopeReport

/// What a report says of who owns what, and how far to trust it.
@Suite struct OwnershipReportTests {
    private let frames: [UInt64: [Report.Frame]] = [
        1: [Report.Frame(function: "main", file: "/src/main.swift", line: 3, module: "app")]
    ]

    /// Two objects that hold a third one, as do a word on a stack and a register.
    private func sharing() -> HeapSnapshot {
        var snapshot = snapshot([Stack([1], 96, 96)])
        snapshot.types = [
            HeapType(name: "app.Owner", kind: .classInstance), HeapType(name: "app.Shared", kind: .classInstance),
        ]
        snapshot.contexts = [AllocationContext(thread: 0, allocations: 3, allocatedBytes: 96)]
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.graph.blocks = [0, 0, 1].enumerated().map { index, type in
            var block = GraphBlock(address: UInt64(index + 1) << 12, size: 32, site: 0, context: 0, type: type)
            block.isReachable = true
            return block
        }
        snapshot.graph.edges = [GraphEdge(to: 2, offset: 16), GraphEdge(to: 2, offset: 16)]
        snapshot.graph.firstEdge = [0, 1, 2, 2]
        snapshot.graph.roots = [
            GraphRoot(address: 0x10, to: 0, kind: .global, name: "app"),
            GraphRoot(address: 0x18, to: 1, kind: .global, name: "app"),
        ]
        snapshot.graph.counts = [ObjectCounts(block: 2, strong: 4)]
        snapshot.graph.stackFunctions = [0x40, 0x50]
        snapshot.leakScan.outcome = .done
        snapshot.counters.isFrozenCopy = true
        return snapshot
    }

    private func build(_ snapshot: HeapSnapshot, _ selection: OwnershipSelection = .largest) -> Report {
        var names = names(snapshot, frames)
        names.stackFunctions = [
            AddressDescription(frames: [
                Report.Frame(function: "add", file: "/src/list.swift", line: 4, module: "app", isInlined: true),
                Report.Frame(function: "fill()", file: "/src/list.swift", line: 9, module: "app"),
            ])
        ]
        var options = ReportOptions()
        options.ownership = selection
        return ReportBuilder.build(snapshot, names: names, options: options)
    }

    @Test func `a reference on a stack has the function whose frame it is in, or says why not`() throws {
        var snapshot = sharing()
        var known = GraphRoot(address: 0x7ff0, to: 2, kind: .stack, name: "main")
        known.function = 0
        var unknown = GraphRoot(address: 0x7ff8, to: 2, kind: .stack, name: "main")
        unknown.missingFunction = .otherStack
        snapshot.graph.roots += [known, unknown]
        let row = try #require(build(snapshot).ownership?.shared.first)
        let running = row.referrers.filter { $0.kind == "stackOwner" }
        #expect(running.map(\.frame) == ["fill() (list.swift:9)", nil])
        #expect(running.map(\.whyNoFrame) == [nil, "The thread runs on another stack."])
        #expect(running.map(\.address) == ["0x7ff0", "0x7ff8"])
        #expect(row.referrers.filter { $0.kind != "stackOwner" }.allSatisfy { $0.whyNoFrame == nil })
        #expect(row.accuracy == .estimated && build(snapshot).ownership?.accuracy == .estimated)
    }

    @Test func `a function without a name is told by its address`() throws {
        var snapshot = sharing()
        var register = GraphRoot(address: 0, to: 2, kind: .register, name: "main")
        register.function = 1
        snapshot.graph.roots.append(register)
        let row = try #require(build(snapshot).ownership?.shared.first)
        #expect(row.referrers.last?.frame == "0x50" && row.referrers.last?.whyNoFrame == nil)
    }

    @Test func `owners of known types are exact, words in other blocks are not`() throws {
        var snapshot = sharing()
        #expect(build(snapshot).ownership?.accuracy == .exact)
        #expect(build(snapshot).ownership?.shared.first?.accuracy == .exact)
        snapshot.graph.blocks[1].type = nil
        #expect(build(snapshot).ownership?.accuracy == .estimated)
        #expect(build(snapshot).ownership?.shared.first?.accuracy == .estimated)
    }

    @Test func `a selection that nothing is known of is said to be one`() {
        let snapshot = sharing()
        #expect(build(snapshot, OwnershipSelection("Shared")).notCollected["ownership"] == nil)
        let type = build(snapshot, OwnershipSelection("Sharde"))
        #expect(type.ownership?.objects == 0)
        #expect(type.notCollected["ownership"]?.hasPrefix("No type with Sharde in its name") == true)
        let scope = build(snapshot, OwnershipSelection("scope:load"))
        #expect(scope.notCollected["ownership"]?.hasPrefix("The program entered no scope called load") == true)
    }

    @Test func `names are exact unless some found no room, and stand in the ways to what is alive`() throws {
        var snapshot = sharing()
        snapshot.trackedNames = [TrackedName(name: "mine", file: "a.swift", line: 1, blocks: 2, liveBlocks: 1)]
        snapshot.trackedBlocks = [TrackedBlock(address: 3 << 12, name: 0)]
        snapshot.liveGroups = [LiveGroup(site: 0, context: 0, type: 1, blocks: 1, bytes: 32)]
        let report = build(snapshot)
        #expect(report.tracked.map(\.accuracy) == [.exact])
        let path = try #require(report.types.first { $0.name == "app.Shared" }?.retainerPath)
        #expect(path.steps.map(\.name) == [nil, "mine"])
        snapshot.counters.namesLost = 1
        #expect(build(snapshot).tracked.map(\.accuracy) == [.estimated])
    }

    @Test func `who shares what is estimated where the graph lacks roots`() throws {
        var snapshot = sharing()
        #expect(build(snapshot).ownership?.accuracy == .exact)
        snapshot.leakScan.unlistedRoots = 3
        let report = build(snapshot)
        #expect(report.ownership?.accuracy == .estimated)
        #expect(report.capture.notes.contains { $0.hasPrefix("3 references from outside of the heap found no room") })
    }

    @Test func `types are estimated once a type of what was freed found no room`() {
        var snapshot = sharing()
        snapshot.counters.isFrozenCopy = true
        snapshot.liveGroups = [LiveGroup(site: 0, context: 0, type: 1, blocks: 1, bytes: 32)]
        #expect(build(snapshot).types.allSatisfy { $0.accuracy == .exact })
        snapshot.counters.freedTypesLost = 2
        let report = build(snapshot)
        #expect(report.types.allSatisfy { $0.accuracy == .estimated } && !report.types.isEmpty)
        #expect(report.capture.notes.contains { $0.hasPrefix("2 freed blocks found no room for their type") })
    }

    @Test func `a sample's figures are estimated, and its storms are those of all objects`() {
        var snapshot = sharing()
        snapshot.ledger.state = .on
        snapshot.ledger.selection = "sampled:100"
        snapshot.ledger.sites = [
            LedgerSite(site: 0, retains: 900, releases: 600, busiestSecond: 1, inBusiestSecond: 1_500)
        ]
        snapshot.ledger.types = [LedgerType(type: 1)]
        let sample = build(snapshot).retainLedger
        #expect(sample.accuracy == .estimated && sample.sites.map(\.accuracy) == [.estimated])
        #expect(sample.sites.map(\.isStorm) == [true] && sample.sites.map(\.retains) == [900])
        #expect(sample.types.map(\.accuracy) == [.estimated])
        // Captures are read from files, in which any number may stand.
        for selection in ["sampled:\(UInt64.max)", "sampled:0", "sampled:x"] {
            snapshot.ledger.selection = selection
            #expect(build(snapshot).retainLedger.sites.map(\.isStorm) == [selection.hasSuffix("\(UInt64.max)")])
        }
        snapshot.ledger.selection = "all"
        #expect(build(snapshot).retainLedger.sites.map(\.isStorm) == [false])
        #expect(build(snapshot).retainLedger.types.map(\.accuracy) == [.exact])
    }

    @Test func `whatever found no room makes the ledger estimated`() {
        var snapshot = sharing()
        snapshot.ledger.state = .on
        snapshot.ledger.types = [LedgerType(type: 1)]
        #expect(build(snapshot).retainLedger.accuracy == .exact)
        for lost in [\RetainLedger.typesLost, \.referencesLost, \.unmatchedLost] {
            var partial = snapshot
            partial.ledger[keyPath: lost] = 1
            #expect(build(partial).retainLedger.accuracy == .estimated)
            #expect(build(partial).retainLedger.types.map(\.accuracy) == [.estimated])
        }
    }

    @Test func `the ledger is exact as long as nothing went by unseen`() {
        var snapshot = sharing()
        snapshot.ledger.state = .on
        snapshot.ledger.retains = 5
        snapshot.ledger.types = [LedgerType(type: 1)]
        snapshot.ledger.sites = [LedgerSite(site: 0, retains: 5, releases: 5, busiestSecond: 0, inBusiestSecond: 5)]
        let exact = build(snapshot).retainLedger
        #expect(exact.accuracy == .exact && exact.types.map(\.accuracy) == [.exact])
        #expect(exact.sites.map(\.accuracy) == [.exact])
        snapshot.ledger.unseenReleases = 1
        let partial = build(snapshot).retainLedger
        #expect(partial.accuracy == .estimated && partial.sites.map(\.accuracy) == [.estimated])
        // It was another type's.
        #expect(partial.types.map(\.accuracy) == [.exact])
        snapshot.ledger.types[0].unseen = 1
        #expect(build(snapshot).retainLedger.types.map(\.accuracy) == [.estimated])
        snapshot.ledger.types[0].unseen = 0
        snapshot.ledger.objectsLost = 1
        #expect(build(snapshot).retainLedger.types.map(\.accuracy) == [.estimated])
    }
}

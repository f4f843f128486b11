import MemScopeModel
import Testing

@testable import MemScopeReport

/// A stack, from the root down, that allocated one block.
struct Stack {
    var addresses: [UInt64]
    var bytes: UInt64
    var live: UInt64

    init(_ addresses: [UInt64], _ bytes: UInt64, _ live: UInt64) {
        self.addresses = addresses
        self.bytes = bytes
        self.live = live
    }
}

/// A snapshot of stacks.
func snapshot(_ stacks: [Stack]) -> HeapSnapshot {
    var snapshot = HeapSnapshot()
    snapshot.nodes = [CallNode(parent: 0, address: 0, kind: .frame)]
    for stack in stacks {
        var parent = 0
        for address in stack.addresses {
            let index = snapshot.addresses.firstIndex(of: address) ?? snapshot.addresses.count
            if index == snapshot.addresses.count { snapshot.addresses.append(address) }
            let known = snapshot.nodes.indices.dropFirst().first {
                snapshot.nodes[$0].parent == parent && snapshot.nodes[$0].address == index
            }
            if known == nil { snapshot.nodes.append(CallNode(parent: parent, address: index, kind: .frame)) }
            parent = known ?? snapshot.nodes.count - 1
        }
        snapshot.sites.append(
            AllocationSite(
                node: parent, size: stack.bytes, allocations: 1, frees: stack.live == 0 ? 1 : 0,
                allocatedBytes: stack.bytes, freedBytes: stack.bytes - stack.live))
        snapshot.counters.allocations += 1
        snapshot.counters.allocatedBytes += stack.bytes
    }
    return snapshot
}

func names(_ snapshot: HeapSnapshot, _ frames: [UInt64: [Report.Frame]]) -> SnapshotNames {
    SnapshotNames(
        addresses: snapshot.addresses.map { AddressDescription(frames: frames[$0] ?? []) }, moduleNotes: [])
}

@Suite struct ReportBuilderTests {
    private let main = Report.Frame(function: "main", file: "main.swift", line: 3, module: "app")
    private let work = Report.Frame(function: "work", file: "work.swift", line: 9, module: "app")
    private let inlined = Report.Frame(function: "grow", file: "work.swift", line: 20, module: "app", isInlined: true)
    private let runtime = Report.Frame(function: "swift_allocObject", module: "libswiftCore.so", isRuntime: true)

    @Test func `inlined frames become nodes, outermost first`() {
        let snapshot = snapshot([Stack([1, 2], 64, 64)])
        let report = ReportBuilder.build(snapshot, names: names(snapshot, [1: [main], 2: [inlined, work]]))
        #expect(report.callTree.nodes.map(\.frame.function) == ["main", "work", "grow"])
        #expect(report.callTree.nodes.map(\.parent) == [-1, 0, 1])
        #expect(report.callTree.nodes.allSatisfy { $0.figures.liveBytes == 64 })
    }

    @Test func `two addresses on the same line under the same caller are one node`() {
        let snapshot = snapshot([Stack([1, 2], 10, 0), Stack([1, 3], 20, 20), Stack([4, 2], 40, 0)])
        let report = ReportBuilder.build(
            snapshot, names: names(snapshot, [1: [main], 2: [work], 3: [work], 4: [inlined]]))
        let works = report.callTree.nodes.filter { $0.frame.function == "work" }
        #expect(works.map(\.figures.allocatedBytes).sorted() == [30, 40])
        #expect(report.callTree.total.allocatedBytes == 70)
    }

    @Test func `a call site is the first frame of the program, over all stacks`() throws {
        let snapshot = snapshot([Stack([1, 2, 3], 10, 10), Stack([4, 2, 3], 30, 0), Stack([1, 3], 5, 5)])
        let other = Report.Frame(function: "other", file: "main.swift", line: 5, module: "app")
        let report = ReportBuilder.build(
            snapshot, names: names(snapshot, [1: [main], 2: [work], 3: [runtime], 4: [other]]))
        #expect(report.callSites.map(\.frame.function) == ["work", "main"])
        #expect(report.callSites[0].figures.allocatedBytes == 40 && report.callSites[0].stacks == 2)
        let node = report.callTree.nodes[report.callSites[0].node]
        #expect(node.frame.function == "work" && node.figures.allocatedBytes == 30)
        #expect(report.callTree.nodes.contains { $0.frame == runtime })
    }

    @Test func `an address without a name shows its module and offset`() {
        var snapshot = snapshot([Stack([0x1234, 0x9999], 8, 8)])
        snapshot.modules = [LoadedModule(start: 0x1000, end: 0x2000, bias: 0x1000, path: "/lib/libx.so", buildID: "")]
        let report = ReportBuilder.build(snapshot, names: .none)
        #expect(report.callTree.nodes.map(\.frame.function) == ["libx.so+0x234", "0x9999"])
    }

    @Test(arguments: [1, 3, 10, 40, 500])
    func `a pruned tree still adds up`(limit: Int) {
        let stacks = (0..<200).map { (index: Int) -> Stack in
            let bytes = UInt64(index + 1)
            return Stack([1, UInt64(2 + index % 7), UInt64(20 + index % 31)], bytes, index % 2 == 0 ? bytes : 0)
        }
        var options = ReportOptions()
        options.maximumNodes = limit
        options.maximumCallSites = 0
        let report = ReportBuilder.build(snapshot(stacks), names: .none, options: options)
        let tree = report.callTree
        #expect(tree.nodes.count <= limit)
        #expect(tree.total.allocatedBytes == 20_100)
        // Only leaves allocate here, so a node has what its children and what was pruned have.
        for index in -1..<tree.nodes.count {
            let total = index < 0 ? tree.total : tree.nodes[index].figures
            let pruned = index < 0 ? tree.pruned : tree.nodes[index].pruned
            let children = tree.nodes.filter { $0.parent == index }
            guard !children.isEmpty || pruned != nil else { continue }
            let sum = children.reduce(pruned?.total.allocatedBytes ?? 0) { $0 + $1.figures.allocatedBytes }
            #expect(sum == total.allocatedBytes)
        }
        let whole = ReportBuilder.build(snapshot(stacks), names: .none, options: .wholeTree).callTree
        let left = tree.nodes.reduce(tree.pruned?.nodes ?? 0) { $0 + ($1.pruned?.nodes ?? 0) }
        #expect(tree.nodes.count + left == whole.nodes.count)
        #expect(report.contradiction == nil)
    }

    @Test func `the nodes that call sites point at survive pruning`() {
        let stacks = (0..<100).map { (index: Int) -> Stack in
            Stack([1, UInt64(10 + index)], index == 57 ? 1 : 1_000, 0)
        }
        var options = ReportOptions()
        options.maximumNodes = 101
        options.maximumCallSites = 100
        let report = ReportBuilder.build(snapshot(stacks), names: .none, options: options)
        #expect(report.callSites.count == 100)
        #expect(report.callSites.allSatisfy { report.callTree.nodes[$0.node].frame.function == $0.frame.function })
    }

    @Test func `kinds are kept`() {
        var snapshot = snapshot([Stack([1, 2, 3], 8, 8)])
        snapshot.nodes[1].kind = .creation
        snapshot.nodes[2].kind = .async
        let report = ReportBuilder.build(snapshot, names: .none)
        #expect(report.callTree.nodes.map(\.kind) == [.creation, .async, .frame])
    }

    @Test func `what was not collected says so, in the recording's words if it has some`() {
        var snapshot = HeapSnapshot()
        snapshot.process.unavailable = ["tasks": "The runtime is of another version."]
        let report = ReportBuilder.build(snapshot, names: .none)
        #expect(report.notCollected["tasks"] == "The runtime is of another version.")
        #expect(report.notCollected["leaks"] != nil && report.leaks.blocks == nil)
        #expect(report.notCollected["callTree"] == nil)
    }

    @Test func `what was dropped makes figures estimates`() {
        var snapshot = snapshot([Stack([1], 8, 8)])
        #expect(ReportBuilder.build(snapshot, names: .none).summary.accuracy == .exact)
        snapshot.counters.droppedEvents = 1
        let report = ReportBuilder.build(snapshot, names: .none)
        #expect(report.summary.accuracy == .estimated && report.callTree.accuracy == .estimated)
        #expect(report.callSites[0].accuracy == .estimated && report.capture.notes.count == 1)
    }

    @Test(
        arguments: [
            (0, ""), (1_700_000_000_123_456_789, "2023-11-14T22:13:20.123Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (4_102_444_799_999_000_000, "2099-12-31T23:59:59.999Z"), (1_000_000, "1970-01-01T00:00:00.001Z"),
        ] as [(UInt64, String)])
    func `instants are written in UTC`(nanoseconds: UInt64, text: String) {
        #expect(Timestamp.text(nanoseconds: nanoseconds) == text)
    }
}

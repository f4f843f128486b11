import MemScopeModel
import Testing

@testable import MemScopeReport

/// Which leaks are news, and what the program and the built-in list leave out.
@Suite struct KnownLeaksTests {
    private func leaking(_ addresses: [UInt64], pid: Int = 7) -> HeapSnapshot {
        var snapshot = snapshot([Stack([1, 2], 64, 64), Stack([1, 3], 64, 64)])
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.contexts = [AllocationContext(thread: 0)]
        snapshot.process.pid = pid
        snapshot.process.startTime = 9
        snapshot.graph.blocks = addresses.map {
            GraphBlock(address: $0, size: 64, site: $0 < 0x4000 ? 0 : 1, context: 0)
        }
        snapshot.graph.firstEdge = [Int](repeating: 0, count: addresses.count + 1)
        snapshot.leakScan.outcome = .done
        return snapshot
    }

    private func names(_ snapshot: HeapSnapshot, _ function: String) -> SnapshotNames {
        MemScopeReportTests.names(
            snapshot,
            [
                1: [Report.Frame(function: "main")], 2: [Report.Frame(function: "lose()")],
                3: [Report.Frame(function: function)],
            ])
    }

    private func change(
        _ addresses: [UInt64], pid: Int = 7, options: ReportOptions = ReportOptions(), _ known: inout KnownLeaks
    ) -> [UInt64?] {
        let snapshot = leaking(addresses, pid: pid)
        let leaks = ReportBuilder.build(
            snapshot, names: names(snapshot, "keep()"), options: options, knownLeaks: &known
        ).leaks
        return [leaks.newBlocks, leaks.knownBlocks, leaks.goneBlocks]
    }

    @Test func `a leak is news once, in one process`() throws {
        var known = KnownLeaks()
        #expect(change([0x1000, 0x2000], &known) == [nil, nil, nil])
        #expect(change([0x1000, 0x2000], &known) == [0, 2, 0])
        #expect(change([0x2000, 0x3000, 0x5000], &known) == [2, 1, 1])
        // As the next process reads it.
        var read = try #require(KnownLeaks(known.encoded))
        #expect(read == known)
        #expect(change([0x3000], &read) == [0, 1, 2])
        #expect(change([0x3000], pid: 8, &read) == [nil, nil, nil])
        for length in [0, 8, 16, known.encoded.count - 8, known.encoded.count - 1] {
            #expect(KnownLeaks(known.encoded.prefix(length)) == nil)
        }
        #expect(KnownLeaks([UInt8](repeating: 1, count: 40)) == nil)
    }

    @Test func `each row says how many of its blocks are new, and each shape how many of its cycles`() {
        func rows(_ snapshot: HeapSnapshot, _ known: inout KnownLeaks) -> (groups: [[UInt64?]], cycles: [[UInt64?]]) {
            let report = ReportBuilder.build(snapshot, names: .none, options: ReportOptions(), knownLeaks: &known)
            return (
                report.leaks.groups.map { [$0.blocks, $0.newBlocks] },
                report.cycles.map { [$0.instances, $0.newInstances] }
            )
        }
        /// A dead object, a lost block, and objects that refer to themselves.
        func snapshot(_ itself: [UInt64]) -> HeapSnapshot {
            var snapshot = leaking([0x1000, 0x5000] + itself)
            snapshot.types = [HeapType(name: "A", kind: .classInstance), HeapType(name: "B", kind: .classInstance)]
            snapshot.graph.blocks[0].type = 1
            snapshot.graph.blocks[0].isDead = true
            snapshot.graph.blocks[0].isReachable = true
            for index in itself.indices { snapshot.graph.blocks[2 + index].type = 0 }
            snapshot.graph.edges = itself.indices.map { GraphEdge(to: 2 + $0, offset: 16) }
            snapshot.graph.firstEdge = [0, 0] + Array(0...itself.count)
            return snapshot
        }
        var known = KnownLeaks()
        var found = rows(snapshot([0x6000, 0x7000]), &known)
        #expect(found.groups == [[2, nil], [1, nil], [1, nil]] && found.cycles == [[2, nil]])
        found = rows(snapshot([0x6000, 0x7000, 0x8000]), &known)
        #expect(found.groups == [[3, 1], [1, 0], [1, 0]] && found.cycles == [[3, 1]])
        // What was dead and is lost now is news, though it was in a report already as dead.
        var lost = snapshot([0x6000, 0x7000, 0x8000])
        lost.graph.blocks[0].isReachable = false
        found = rows(lost, &known)
        #expect(found.groups.map { $0[1] ?? 9 }.reduce(0, +) == 1 && found.cycles == [[3, 0]])
    }

    @Test func `what is suppressed is neither new nor gone`() throws {
        var options = ReportOptions()
        options.suppressions = try LeakSuppressions("leak:keep", of: "file")
        var known = KnownLeaks()
        #expect(change([0x1000, 0x5000], options: options, &known) == [nil, nil, nil])
        #expect(change([0x1000, 0x6000], options: options, &known) == [0, 1, 0])
    }

    @Test func `what libraries are known to leave is left out, and so is what the program defines`() {
        var snapshot = leaking([0x1000, 0x5000])
        var options = ReportOptions()
        let builtIn = names(snapshot, "CFURLSessionCurlHostIsEqual")
        #expect(ReportBuilder.build(snapshot, names: builtIn, options: options).leaks.blocks == 1)
        options.usesBuiltInSuppressions = false
        #expect(ReportBuilder.build(snapshot, names: builtIn, options: options).leaks.blocks == 2)
        snapshot.leakScan.programSuppressions = "# of its own\nrace:main\n leak:lose\r\nleak:"
        let leaks = ReportBuilder.build(snapshot, names: builtIn, options: options).leaks
        #expect(leaks.blocks == 1 && leaks.suppressedBlocks == 1 && leaks.groups.first?.function != "lose()")
    }

    @Test func `the report says what the program left out, and which roots were not searched`() {
        var snapshot = leaking([0x1000])
        snapshot.leakScan.roots = LeakScan.usualRoots
        #expect(ReportBuilder.build(snapshot, names: .none).capture.notes.isEmpty)
        snapshot.leakScan.ignoredBlocks = 3
        snapshot.leakScan.ignoredBytes = 2000
        snapshot.leakScan.roots = ["stacks", "globals", "mappings", "unaligned"]
        let report = ReportBuilder.build(snapshot, names: .none)
        #expect(report.leaks.ignoredBlocks == 3 && report.leaks.ignoredBytes == 2000)
        #expect(
            report.capture.notes.contains { $0.contains("3 blocks of ") && $0.contains("because the program said so") })
        #expect(report.capture.notes.contains { $0.contains("without registers, tls as roots") })
        #expect(report.capture.notes.contains { $0.contains("references at any address") })
    }
}

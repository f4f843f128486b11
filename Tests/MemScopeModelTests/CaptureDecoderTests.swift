import Testing

@testable import MemScopeModel

@Suite struct CaptureDecoderTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `what was encoded is decoded`(seed: UInt64) throws {
        let snapshot = HeapSnapshot.random(seed: seed)
        #expect(try CaptureDecoder.decode(CaptureEncoder.encode(snapshot)) == snapshot)
    }

    @Test func `an empty snapshot is a capture too`() throws {
        var snapshot = HeapSnapshot()
        snapshot.process.architecture = "aarch64"
        #expect(try CaptureDecoder.decode(CaptureEncoder.encode(snapshot)) == snapshot)
    }

    @Test func `what stands behind a text refers to nothing but its breadcrumbs`() throws {
        var snapshot = HeapSnapshot()
        snapshot.addresses = [0x10]
        snapshot.nodes = [0, 0].map { CallNode(parent: 0, address: $0, kind: .frame) }
        snapshot.sites = [AllocationSite(node: 1, size: 64)]
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.contexts = [AllocationContext(thread: 0)]
        snapshot.types = ["Swift.__StringStorage", "app.Line", "Swift._StringBreadcrumbs"].map {
            HeapType(name: $0, kind: .classInstance)
        }
        snapshot.graph.blocks = (0..<3).map { index in
            GraphBlock(address: 0x1000 * UInt64(index + 1), size: 64, site: 0, context: 0, type: index)
        }
        snapshot.graph.edges = [
            GraphEdge(to: 1, offset: 40), GraphEdge(to: 2, offset: 56), GraphEdge(to: 0, offset: 16),
        ]
        snapshot.graph.firstEdge = [0, 2, 3, 3]
        let graph = try CaptureDecoder.decode(CaptureEncoder.encode(snapshot)).graph
        #expect(graph.edges == [GraphEdge(to: 2, offset: 56), GraphEdge(to: 0, offset: 16)])
        #expect(graph.firstEdge == [0, 1, 2, 2])
    }

    @Test func `every beginning of a capture is refused`() {
        let bytes = CaptureEncoder.encode(.random(seed: 3))
        for length in bytes.indices {
            #expect(throws: CaptureError.self) { try CaptureDecoder.decode(Array(bytes[..<length])) }
        }
    }

    /// The real check is that nothing traps; what decodes must also encode, which only consistent snapshots do.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `damaged bytes are refused or harmless`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = CaptureEncoder.encode(.random(seed: seed))
        var refused = 0
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: damaged.indices, using: &generator)
                let value = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &generator)]
                damaged[place] = value.randomElement(using: &generator)!
            }
            if let snapshot = try? CaptureDecoder.decode(damaged) {
                for site in snapshot.sites {
                    #expect(site.node < snapshot.nodes.count && site.frees <= site.allocations)
                }
                _ = CaptureEncoder.encode(snapshot)
            } else {
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test func `a foreign file, another version and an unfinished file each get their own error`() {
        let bytes = CaptureEncoder.encode(.random(seed: 1))
        #expect(code(of: Array("{\"schemaVersion\": 1}".utf8)) == .notACapture)
        #expect(code(of: []) == .notACapture)
        var other = bytes
        other[8] = 200
        #expect(code(of: other) == .otherVersion)
        var unfinished = bytes
        unfinished[20] = 0
        #expect(code(of: unfinished) == .incomplete)
        #expect(code(of: bytes.dropLast()) == .incomplete)
        #expect(code(of: bytes + [0, 0, 0]) == nil)
    }

    @Test func `sections of unknown kind are skipped`() throws {
        var snapshot = HeapSnapshot.random(seed: 5)
        var bytes = CaptureEncoder.encode(snapshot)
        let marks = try #require(entry(of: .marks, in: bytes))
        bytes[marks] = 200
        snapshot.marks = []
        #expect(try CaptureDecoder.decode(bytes) == snapshot)
    }

    @Test func `elements of another size, sections beyond the end and sections given twice are refused`() throws {
        let bytes = CaptureEncoder.encode(.random(seed: 5))
        let marks = try #require(entry(of: .marks, in: bytes))
        var wider = bytes
        wider[marks + 4] = 40
        #expect(code(of: wider) == .damaged)
        var beyond = bytes
        beyond[marks + 14] = 1
        #expect(code(of: beyond) == .damaged)
        var overflowing = bytes
        overflowing[marks + 23] = 0xff
        #expect(code(of: overflowing) == .damaged)
        var twice = bytes
        twice[marks] = 14
        #expect(code(of: twice) == .damaged)
    }

    @Test func `an index out of range is refused`() {
        #expect(code(of: CaptureEncoder.encode(.whole)) == nil)
        let indices: [WritableKeyPath<HeapSnapshot, Int>] = [
            \.sites[0].node, \.contexts[0].thread, \.liveGroups[0].site, \.liveGroups[0].context, \.freedTypes[0].site,
            \.freedTypes[0].type, \.nodes[1].parent, \.nodes[1].address, \.taskSites[0].node, \.scopeRuns[0].scope,
            \.handovers[0].freedBy, \.history.changes[0].site, \.leakChecks[0].scope,
            \.scopeEvents[0].scope,
        ]
        for index in indices {
            var snapshot = HeapSnapshot.whole
            snapshot[keyPath: index] = 1_000_000
            #expect(code(of: CaptureEncoder.encode(snapshot)) == .damaged, "\(index)")
        }
    }

    @Test func `a figure that no program reaches is refused`() {
        let figures: [WritableKeyPath<HeapSnapshot, UInt64>] = [
            \.sites[0].frees, \.sites[0].freedBytes, \.contexts[0].frees, \.contexts[0].freedBytes, \.counters.frees,
            \.counters.freedBytes, \.sites[0].peakBytes, \.liveGroups[0].bytes, \.timeline[0].liveBytes,
            \.history.changes[0].allocations, \.history.changes[0].frees, \.scopeEvents[0].begin,
            \.scopeEvents[0].end, \.captureEvents[0].time, \.captureEvents[0].liveBytes,
        ]
        for figure in figures {
            var snapshot = HeapSnapshot.whole
            snapshot[keyPath: figure] = .max
            #expect(code(of: CaptureEncoder.encode(snapshot)) == .damaged, "\(figure)")
        }
    }

    @Test func `a file that is not there is unreadable`() {
        let error = #expect(throws: CaptureError.self) { try CaptureDecoder.decode(path: "/nowhere/capture") }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains("/nowhere/capture") == true)
    }

    private func code(of bytes: some Sequence<UInt8>) -> CaptureError.Code? {
        do {
            _ = try CaptureDecoder.decode(Array(bytes))
            return nil
        } catch {
            return error.code
        }
    }

    /// Where a section's table entry begins.
    private func entry(of section: CaptureFormat.Section, in bytes: [UInt8]) -> Int? {
        stride(from: 64, to: 64 + 32 * Int(bytes[16]), by: 32).first { bytes[$0] == UInt8(section.rawValue) }
    }
}

extension HeapSnapshot {
    /// The first random snapshot that has something in every array.
    static var whole: HeapSnapshot {
        (0...).lazy.map { random(seed: $0) }.first {
            !$0.liveGroups.isEmpty && !$0.freedTypes.isEmpty && !$0.timeline.isEmpty && !$0.scopeRuns.isEmpty
                && !$0.handovers.isEmpty && !$0.history.changes.isEmpty && !$0.leakChecks.isEmpty
                && !$0.scopeEvents.isEmpty
        }!
    }
}

import MemScopeModel
import Testing

@testable import MemScopeReport

/// What a report says of blocks that change hands, and of what was concluded.
@Suite struct BoundaryReportTests {
    private let frames: [UInt64: [Report.Frame]] = [
        1: [Report.Frame(function: "main", file: "/src/main.swift", line: 3, module: "app")],
        2: [Report.Frame(function: "lend", file: "/src/lend.c", line: 7, module: "liblend.so")],
        3: [Report.Frame(function: "Array._makeMutableAndUnique()", module: "app", isInlined: true, isRuntime: true)],
        4: [Report.Frame(function: "Sequence.sorted(by:)", module: "libswiftCore.so", isRuntime: true)],
    ]

    /// `lend` allocates 10 blocks of which `main`'s module frees 6 and nobody frees 1; `main` allocates 5 and frees 5.
    private func lending() -> HeapSnapshot {
        var snapshot = snapshot([Stack([1, 2], 0, 0), Stack([1], 0, 0)])
        snapshot.modules = [
            LoadedModule(start: 0, end: 1, bias: 0, path: "/bin/app", buildID: ""),
            LoadedModule(start: 1, end: 2, bias: 0, path: "/lib/liblend.so", buildID: ""),
        ]
        snapshot.sites[0].module = 1
        snapshot.sites[1].module = 0
        (snapshot.sites[0].allocations, snapshot.sites[0].frees) = (10, 9)
        (snapshot.sites[0].allocatedBytes, snapshot.sites[0].freedBytes) = (1000, 900)
        (snapshot.sites[1].allocations, snapshot.sites[1].frees) = (5, 5)
        snapshot.custody.isOn = true
        snapshot.custody.crossings = [Custody.Crossing(site: 0, freedIn: 0, frees: 6, bytes: 600)]
        return snapshot
    }

    @Test func `pairs of modules and what is not freed are rows with the line that allocated most`() throws {
        let snapshot = lending()
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        #expect(report.boundaries.map(\.allocatedIn) == ["liblend.so", "liblend.so"])
        #expect(report.boundaries.map(\.freedIn) == ["app", nil])
        #expect(report.boundaries.map(\.blocks) == [6, 1] && report.boundaries.map(\.bytes) == [600, 100])
        #expect(report.boundaries[0].frame.function == "lend" && report.boundaries[0].frame.line == 7)
        #expect(report.callTree.nodes[report.boundaries[0].node].frame.function == "lend")
        #expect(report.notCollected["boundaries"] == nil && report.contradiction == nil)
    }

    @Test func `without custody the section is empty and says how to ask`() throws {
        var snapshot = lending()
        snapshot.custody = Custody()
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        #expect(report.boundaries.isEmpty)
        #expect(try #require(report.notCollected["boundaries"]).contains("MEMSCOPE_CUSTODY=1"))
    }

    @Test func `what is missing from the rows is said`() {
        var snapshot = lending()
        snapshot.custody.freedByUnknown = 3
        snapshot.custody.lost = 2
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        #expect(report.capture.notes.contains { $0.hasPrefix("Of 3 frees") })
        #expect(report.boundaries.allSatisfy { $0.accuracy == .estimated })
    }

    @Test func `blocks of which nobody knows who allocated them are counted`() {
        var snapshot = lending()
        snapshot.sites[0].module = nil
        snapshot.sites[0].hasUnknownModule = true
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        #expect(report.boundaries.isEmpty)
        #expect(
            report.capture.notes.contains {
                $0.hasPrefix("Of 10 blocks (1000 bytes)") && $0.contains("1 of them (100 bytes) not freed")
            })
        snapshot = lending()
        snapshot.sites[1].hasUnknownModule = true
        let partial = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        #expect(!partial.boundaries.isEmpty && partial.boundaries.allSatisfy { $0.accuracy == .estimated })
    }

    @Test func `names that found no room are counted`() {
        var snapshot = lending()
        #expect(ReportBuilder.build(snapshot, names: names(snapshot, frames)).capture.notes.isEmpty)
        snapshot.counters.namesLost = 7
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        #expect(report.capture.notes.contains { $0.hasPrefix("7 blocks were named by tracked(_:name:)") })
    }

    private func copying(_ stack: [UInt64]) -> HeapSnapshot {
        var snapshot = snapshot([Stack(stack, 0, 0)])
        snapshot.sites[0].size = 1000
        (snapshot.sites[0].allocations, snapshot.sites[0].frees) = (400, 400)
        (snapshot.sites[0].allocatedBytes, snapshot.sites[0].freedBytes) = (400_000, 400_000)
        return snapshot
    }

    @Test func `a storm of copies is told by the functions that made them`() throws {
        let storm = copying([1, 3])
        let report = ReportBuilder.build(storm, names: names(storm, frames))
        let row = try #require(report.inferences.first)
        #expect(row.kind == .copyOnWriteStorm && row.accuracy == .inferred && row.confidence == 0.8)
        #expect(row.count == 400 && row.frame.function == "main" && row.text.contains("main (main.swift:3)"))
        let sorted = copying([1, 4, 3])
        #expect(ReportBuilder.build(sorted, names: names(sorted, frames)).inferences.isEmpty)
        let own = copying([1])
        #expect(ReportBuilder.build(own, names: names(own, frames)).inferences.isEmpty)
    }

    @Test func `rows survive being written and read`() throws {
        let snapshot = copying([1, 3])
        var report = ReportBuilder.build(snapshot, names: names(snapshot, frames))
        report.boundaries = ReportBuilder.build(lending(), names: names(lending(), frames)).boundaries
        let text = String(decoding: try JSONFormat().render(report), as: UTF8.self)
        #expect(text.contains("\"freedIn\":null") && text.contains("\"confidence\":0.8"))
    }
}

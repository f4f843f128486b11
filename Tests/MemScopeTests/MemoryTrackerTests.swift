internal import Testing

extension MemScopeTests {
    @Suite("MemoryTracker starts, pauses, marks and stops")
    struct MemoryTrackerTests {
        private let program: DoorsProgram

        init() throws { program = try DoorsProgram() }

        @Test("What is recorded is what happened while tracking was on")
        func lifecycle() throws {
            let outcome = try program.run(["lifecycle", "out"])
            try #require(outcome.lines.count == 6, "\(outcome.lines) \(outcome.errors)")
            #expect(
                outcome.lines[..<4] == ["tracking false", "tracking true", "tracking true", "tracking false"])
            #expect(outcome.lines[4].hasPrefix("stopped "))
            #expect(outcome.lines[5] == "written")
            let report = try program.report("out")
            #expect(report.scopes["on"]?.blocks == 3)
            #expect(report.scopes["paused"]?.blocks == 0)
            #expect(report.scopes["stopped"] == nil)
            // The one that was known and freed in the pause, and three more.
            #expect(report.figure("summary", "allocatedBytes") / DoorsReport.block == 4)
            #expect(report.figure("summary", "liveBytes") / DoorsReport.block == 3)
            let marks = report.section("timeline")["marks"] as? [[String: Any]] ?? []
            #expect(marks.map { $0["name"] as? String } == ["before", "after"])
            #expect(marks.map { ($0["liveBytes"] as? Int ?? -1) / DoorsReport.block } == [2, 3])
        }

        @Test("A report at exit comes before what was registered before the start; the status stays")
        func atExit() throws {
            let outcome = try program.run(["exit", "out"])
            #expect(outcome.lines == ["report first: true"])
            #expect(outcome.status == 3)
            #expect(outcome.errors == "")
            #expect(try program.report("out").scopes["work"]?.blocks == 3)
        }
    }
}

internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("What happened when, in a whole program")
    struct MomentsTests {
        private let report: DoorsReport
        private let timeline: [String: Any]

        /// One run for all tests.
        nonisolated(unsafe) private static let finished = Result { () throws -> DoorsReport in
            let program = try DoorsProgram()
            let outcome = try program.run(["moments", "out"])
            try #require(outcome.status == 0 && outcome.lines == ["done"], "\(outcome.errors)")
            return try program.report("out")
        }

        init() throws {
            report = try Self.finished.get()
            timeline = report.section("timeline")
        }

        private var runs: [(path: String, row: [String: Any])] {
            let rows = report.root["scopes"] as? [[String: Any]] ?? []
            return (timeline["scopeRuns"] as? [[String: Any]] ?? []).map { run in
                var names: [String] = []
                var scope = run["scope"] as? Int ?? -1
                while rows.indices.contains(scope) {
                    names.insert(rows[scope]["name"] as? String ?? "?", at: 0)
                    scope = rows[scope]["parent"] as? Int ?? -1
                }
                return (names.joined(separator: "/"), run)
            }
        }

        private func run(_ path: String) throws -> [String: Any] {
            try #require(runs.first { $0.path == path }?.row, "\(path) in \(runs.map(\.path))")
        }

        @Test("Each run of a scope is there with its times and what it came to")
        func scopeRuns() throws {
            #expect(runs.map(\.path).sorted() == ["closing", "import", "import/parse", "serve", "work"])
            #expect(timeline["scopeRunsRecorded"] as? Int == 5)
            let parse = try run("import/parse")
            let length = try #require(parse["end"] as? Int) - (parse["begin"] as? Int ?? .max)
            // It slept for 60 ms; the clock may tick as rarely as every 10 ms.
            #expect(length >= 50_000_000)
            let outer = try run("import")
            #expect(outer["begin"] as? Int ?? .max <= parse["begin"] as? Int ?? 0)
            #expect(outer["end"] as? Int ?? 0 >= parse["end"] as? Int ?? .max)
            #expect((outer["allocatedBytes"] as? Int ?? 0) / DoorsReport.block == 5)
            #expect((outer["retainedBytes"] as? Int ?? 0) / DoorsReport.block == 3)
            #expect((try run("serve")["retainedBytes"] as? Int ?? 0) / DoorsReport.block == 4)
            #expect((try run("work")["allocatedBytes"] as? Int ?? 0) / DoorsReport.block == 6)
            #expect(runs.allSatisfy { $0.row["hasEnded"] as? Bool == ($0.path != "closing") })
            #expect(try run("closing")["allocations"] is NSNull)
        }

        @Test("Runs lie between the marks that they happened between")
        func order() throws {
            let marks = Dictionary(
                (timeline["marks"] as? [[String: Any]] ?? []).map {
                    ($0["name"] as? String ?? "", $0["time"] as? Int ?? -1)
                }, uniquingKeysWith: { first, _ in first })
            // A clock that ticks lags behind by one tick at most.
            let tick = 10_000_000
            let end = try #require(try run("import")["end"] as? Int)
            let first = try #require(marks["first"])
            #expect(end <= first + tick)
            #expect(try run("serve")["begin"] as? Int ?? -1 >= first - tick)
            #expect(try run("closing")["begin"] as? Int ?? -1 >= (marks["fourth"] ?? .max) - tick)
        }

        @Test("The report that was asked for is a snapshot on its own timeline")
        func snapshots() throws {
            let rows = timeline["snapshots"] as? [[String: Any]] ?? []
            #expect(rows.map { $0["reason"] as? String } == ["request"])
            #expect(rows.first?["hasLeakSearch"] as? Bool == false)
            #expect(rows.first?["liveBytes"] as? Int == report.figure("summary", "liveBytes"))
        }
    }
}

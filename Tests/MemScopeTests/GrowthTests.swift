internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("What grows, and whether that will end, in a whole program")
    struct GrowthTests {
        private let report: DoorsReport
        private let rows: [[String: Any]]

        /// One run for all tests.
        nonisolated(unsafe) private static let finished = Result {
            () throws -> (lines: [String], report: DoorsReport) in
            let program = try DoorsProgram()
            let outcome = try program.run(["growth", "out"], environment: ["MEMSCOPE_LEAKS": "1"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            return (outcome.lines, try program.report("out"))
        }

        init() throws {
            let finished = try Self.finished.get()
            #expect(finished.lines == ["live 90 10 8 15 110 80 \(Self.missed)"])
            report = finished.report
            rows = report.root["growth"] as? [[String: Any]] ?? []
        }

        /// How many misses the program has, as it computes them.
        private static let missed = (0..<30).reduce(0) { $0 + 200 / ($1 + 1) / ($1 + 1) + ($1 < 25 ? 1 : 0) }

        private func row(ofType name: String) throws -> [String: Any] {
            try #require(
                rows.first {
                    $0["kind"] as? String == "type" && ($0["name"] as? String)?.hasSuffix("Growth.\(name)") == true
                },
                "\(name) in \(rows.map { $0["name"] ?? "" })")
        }

        @Test(
            "Each type has the verdict that its use deserves",
            arguments: [
                ("Listed", "unbounded"), ("Leaked", "leak"), ("Cached", "bounded"), ("Recent", "bounded"),
                ("Batched", "bounded"), ("Visitor", "bounded"), ("Registered", "bounded"), ("Missed", "warmingUp"),
            ])
        func verdicts(_ type: String, _ verdict: String) throws {
            let row = try row(ofType: type)
            #expect(row["verdict"] as? String == verdict, "\(row)")
            #expect(row["accuracy"] as? String == "inferred")
            #expect((row["confidence"] as? Double ?? 0) >= 0.5)
        }

        @Test("The figures at the marks are exact")
        func figures() throws {
            let blocks = try row(ofType: "Listed")["blocks"] as? [Int] ?? []
            let intervals = report.section("timeline")["intervals"] as? [[String: Any]] ?? []
            try #require(blocks.count == intervals.count)
            let atMarks = zip(blocks, intervals).filter { $1["mark"] is String }
            #expect(atMarks.map(\.0) == (1...30).map { 3 * $0 })
            #expect(atMarks.map { $1["mark"] as? String } == (0..<30).map { "round \($0)" })
        }

        @Test("Intervals add up to the totals of the run")
        func sums() throws {
            let intervals = report.section("timeline")["intervals"] as? [[String: Any]] ?? []
            #expect(intervals.count <= 60)
            let changes = intervals.flatMap { $0["changes"] as? [[Int]] ?? [] }
            let summary = ["allocations", "allocatedBytes", "frees"]
            for (place, key) in summary.enumerated() {
                #expect(changes.reduce(0) { $0 + $1[place + 1] } == report.figure("summary", key), "\(key)")
            }
            #expect(report.figure("capture", "historyBytes") > 0)
        }

        @Test("The lines that allocate are judged, too")
        func lines() throws {
            let places = rows.filter { $0["kind"] as? String == "callSite" }
            func has(_ verdict: String, _ function: String) -> Bool {
                places.contains {
                    $0["verdict"] as? String == verdict && ($0["function"] as? String)?.contains(function) == true
                }
            }
            #expect(has("leak", "Leaked"))
            #expect(has("unbounded", "Listed"))
            #expect(has("bounded", "Recent"))
        }
    }
}

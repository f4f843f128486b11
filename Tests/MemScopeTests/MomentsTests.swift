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

        /// What the rows of a section did in each interval that ends at a mark: allocated and freed bytes by the mark's name.
        private func changes(
            of section: String, named name: (Int) -> String
        ) -> [String: [String: (allocated: Int, freed: Int)]] {
            var result: [String: [String: (allocated: Int, freed: Int)]] = [:]
            var sums: [String: (allocated: Int, freed: Int)] = [:]
            for interval in timeline["intervals"] as? [[String: Any]] ?? [] {
                for change in interval[section] as? [[Int]] ?? [] {
                    let before = sums[name(change[0])] ?? (0, 0)
                    sums[name(change[0])] = (before.allocated + change[2], before.freed + change[4])
                }
                guard let mark = interval["mark"] as? String else { continue }
                result[mark] = sums
                sums = [:]
            }
            return result
        }

        private func blocks(_ change: (allocated: Int, freed: Int)?) -> [Int] {
            [(change?.allocated ?? 0) / DoorsReport.block, (change?.freed ?? 0) / DoorsReport.block]
        }

        @Test("Each scope did what it did in its own stretch, and its blocks are freed in a later one")
        func scopesByTime() {
            let scopes = report.root["scopes"] as? [[String: Any]] ?? []
            let found = changes(of: "scopes") { $0 < 0 ? "" : scopes[$0]["name"] as? String ?? "?" }
            let expected = [
                "first": ["import": [3, 0], "parse": [2, 2]], "second": ["serve": [4, 0]], "third": ["work": [6, 1]],
                "fourth": ["import": [0, 3]],
            ]
            for mark in ["first", "second", "third", "fourth"] {
                for scope in ["import", "parse", "serve", "work", "closing"] {
                    #expect(blocks(found[mark]?[scope]) == expected[mark]?[scope] ?? [0, 0], "\(scope) until \(mark)")
                }
                #expect(blocks(found[mark]?[""]) == [0, 0])
            }
        }

        @Test("So did threads, tasks and types")
        func othersByTime() throws {
            let threads = changes(of: "threads") { "\($0)" }
            let busy = threads["second"]?.filter { blocks($0.value) == [4, 0] }.map(\.key) ?? []
            #expect(busy.count == 1)
            #expect(blocks(threads["first"]?[busy.first ?? ""]) == [0, 0])
            // The program's `main` is a task, too.
            let sites = changes(of: "taskSites") { "\($0)" }
            let made = sites["third"]?.filter { blocks($0.value) == [6, 1] }.map(\.key) ?? []
            #expect(made.count == 1 && made.first != "-1")
            #expect(sites["third"]?.filter { blocks($0.value) != [0, 0] }.count == 1)
            #expect(blocks(sites["first"]?[made.first ?? ""]) == [0, 0])
            #expect(blocks(sites["second"]?["-1"]) == [4, 0])
            #expect(sites["first"]?.filter { blocks($0.value) == [5, 2] }.count == 1)
            let rows = report.root["types"] as? [[String: Any]] ?? []
            let types = changes(of: "types") { $0 < 0 ? "" : rows[$0]["name"] as? String ?? "?" }
            func bytes(_ mark: String, _ type: String) -> [Int] {
                let change = types[mark]?.first { $0.key.hasSuffix("Moments.\(type)") }?.value
                return [change?.allocated ?? 0, change?.freed ?? 0]
            }
            // An object's header has 16 bytes.
            #expect(bytes("first", "Early") == [100 * 40, 0])
            #expect(bytes("third", "Early") == [0, 0])
            #expect(bytes("third", "Late") == [200 * 48, 0])
            #expect(bytes("fourth", "Early") == [0, 100 * 40])
            let uncertain = (timeline["uncertainTypes"] as? [Int] ?? []).map { rows[$0]["name"] as? String ?? "?" }
            #expect(!uncertain.contains { $0.contains("Moments.") })
        }

        @Test("Every division of every interval has what its stacks have")
        func divisionsAddUp() {
            let intervals = timeline["intervals"] as? [[String: Any]] ?? []
            #expect(intervals.count >= 4)
            for interval in intervals {
                func sums(_ key: String) -> [Int] {
                    (interval[key] as? [[Int]] ?? []).reduce([0, 0, 0, 0]) { sum, row in
                        zip(sum, row.dropFirst()).map(+)
                    }
                }
                for key in ["threads", "scopes", "taskSites", "queues", "types"] {
                    #expect(sums(key) == sums("changes"), "\(key)")
                }
            }
        }
    }
}

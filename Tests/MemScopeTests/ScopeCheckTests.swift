internal import Testing

extension MemScopeTests {
    @Suite("Scopes that look for what leaked in them")
    struct ScopeCheckTests {
        private let outcome: DoorsProgram.Outcome
        private let report: DoorsReport

        init() throws {
            let program = try DoorsProgram()
            outcome = try program.run(["scope checks", "out"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            report = try program.report("out")
        }

        @Test("Exactly what leaked in the run is handed over, and the body's result and error are its own")
        func found() {
            #expect(
                outcome.lines == [
                    "off 1", "two: 2 doors.ScopeChecks.Lost cycle", "returned 5",
                    "outer: 5 doors.ScopeChecks.Lost cycle", "throwing: 1 doors.ScopeChecks.Lost cycle", "refused 9",
                    "asynchronous: 7 doors.ScopeChecks.Lost cycle", "asynchronous 3", "desk 2",
                ])
        }

        @Test("By default it is said on standard error")
        func said() {
            #expect(outcome.errors.contains("memscope: said leaked 1 blocks of "))
            #expect(outcome.errors.contains("cycle: doors.ScopeChecks.Lost.itself"))
            #expect(!outcome.errors.contains("two"))
        }

        @Test("The report has the account of each scope")
        func account() {
            let checks = report.section("leaks")["checks"] as? [[String: Any]] ?? []
            let accounts = checks.map {
                "\($0["scope"] ?? "") \($0["runs"] ?? "") \($0["leakingRuns"] ?? "") \($0["blocks"] ?? "")"
            }
            #expect(
                accounts == [
                    "two 2 1 2", "clean 1 0 0", "outer 1 1 5", "throwing 1 1 1", "asynchronous 1 1 7", "desk 1 0 0",
                    "said 1 1 1",
                ])
        }
    }
}

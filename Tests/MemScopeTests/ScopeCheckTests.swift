internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("Scopes that look for what leaked in them")
    struct ScopeCheckTests {
        /// What the handlers and the bodies say after tracking has begun.
        private static let expected = [
            "two: 2 doors.ScopeChecks.Lost cycle", "returned 5", "outer: 5 doors.ScopeChecks.Lost cycle",
            "throwing: 1 doors.ScopeChecks.Lost cycle", "refused 9", "asynchronous: 70 doors.ScopeChecks.Lost cycle",
            "asynchronous 3", "desk 2", "blind: notWritten 0",
        ]

        private static let accounts = [
            "two 2 1 2", "clean 1 0 0", "outer 1 1 5", "throwing 1 1 1", "asynchronous 1 1 70", "desk 1 0 0",
            "said 1 1 20",
        ]

        /// What was lost after a suspension, threads may still have on their stacks, or words that were there before: up to a few may be missing.
        private func rounded(_ line: String) -> String {
            guard let lost = ["asynchronous": 70, "said": 20].first(where: { line.hasPrefix($0.key) })?.value else {
                return line
            }
            return line.split(separator: " ").map { word in
                Int(word).map { (lost - lost / 7..<lost).contains($0) ? "\(lost)" : "\($0)" } ?? String(word)
            }.joined(separator: " ")
        }

        private func accounts(of report: DoorsReport) -> [String] {
            (report.section("leaks")["checks"] as? [[String: Any]] ?? []).map {
                rounded("\($0["scope"] ?? "") \($0["runs"] ?? "") \($0["leakingRuns"] ?? "") \($0["blocks"] ?? "")")
            }
        }

        @Test(
            "What leaked in the run is handed over, all of it but for what suspensions leave on stacks; the body's result, error and isolation are its own"
        )
        func linked() throws {
            let program = try DoorsProgram()
            let outcome = try program.run(["scope checks", "out"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.lines.map(rounded) == ["off 1"] + Self.expected)
            #expect(outcome.errors.contains("memscope: said leaked "))
            #expect(outcome.errors.contains("Lost.itself"))
            #expect(outcome.errors.contains("memscope: leaks in blind and said are not known: No report was written"))
            #expect(!outcome.errors.contains("two"))
            #expect(accounts(of: try program.report("out")) == Self.accounts)
        }

        @Test("So it is under memscope run, where tracking is on from the beginning")
        func preloaded() throws {
            let program = try DoorsProgram()
            let library = DoorsProgram.products.appendingPathComponent("libMemScopePreload.so").path
            let memscope = DoorsProgram.products.appendingPathComponent("memscope").path
            let outcome = try program.run(
                ["scope checks", "out"],
                under: [memscope, "run", "--library", library, "--output", "run", "--"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.lines.map(rounded) == ["off: 1 doors.ScopeChecks.Lost cycle", "off 1"] + Self.expected)
            for place in ["out", "run"] {
                let found = accounts(of: try program.report(place))
                #expect(found == ["off 1 1 1"] + Self.accounts, "\(place)")
            }
        }
    }
}

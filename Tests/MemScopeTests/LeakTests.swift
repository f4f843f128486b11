internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("What nothing refers to any more")
    struct LeakTests {
        /// Leaked blocks by category and type.
        private struct Leaks {
            let report: DoorsReport
            let lines: [String]
            let groups: [[String: Any]]

            init(count: Int) throws {
                let program = try DoorsProgram()
                let outcome = try program.run(
                    ["leaks", "out", "\(count)"], environment: ["MEMSCOPE_LEAKS": "1"])
                try #require(outcome.status == 0, "\(outcome.errors)")
                lines = outcome.lines
                report = try program.report("out")
                groups = report.section("leaks")["groups"] as? [[String: Any]] ?? []
            }

            func blocks(_ category: String, _ type: String) -> Int {
                groups.filter {
                    $0["category"] as? String == category && ($0["type"] as? String)?.hasSuffix(type) == true
                }
                .reduce(0) { $0 + ($1["blocks"] as? Int ?? 0) }
            }
        }

        @Test("Twice the iterations are exactly twice the leaks, of each kind; what lives is silent")
        func exact() throws {
            let few = try Leaks(count: 10)
            let many = try Leaks(count: 20)
            for (category, type) in [
                ("cycle", "Leaks.Session"), ("cycle", "Leaks.Parent"), ("cycle", "Leaks.Child"),
                ("definite", "Leaks.Retained"), ("dead", "Leaks.Owner"),
            ] {
                #expect(many.blocks(category, type) - few.blocks(category, type) == 10, "\(category) \(type)")
                #expect(few.blocks(category, type) >= 10, "\(category) \(type)")
            }
            for leaks in [few, many] {
                let living = leaks.groups.filter {
                    let type = $0["type"] as? String ?? ""
                    return type.contains("Living") || type.contains("Visitor") || type.contains("Task")
                }
                #expect(living.isEmpty, "\(living)")
            }
        }

        @Test("Cycles name their references and say which to make weak; a second search says what is new")
        func cycles() throws {
            let leaks = try Leaks(count: 10)
            let cycles = leaks.report.root["cycles"] as? [[String: Any]] ?? []
            let fields = cycles.map { cycle in
                (cycle["edges"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
            }
            #expect(fields.contains { $0.contains("onClose") })
            #expect(fields.contains { $0.contains("parent") && $0.contains("children") })
            #expect(cycles.contains { ($0["suggestion"] as? String)?.contains("[weak self]") == true })
            #expect(cycles.contains { ($0["suggestion"] as? String)?.contains("Child.parent") == true })
            #expect(leaks.lines.contains("new true gone 0"))
            #expect(leaks.lines.contains("more true new true"))
        }
    }
}

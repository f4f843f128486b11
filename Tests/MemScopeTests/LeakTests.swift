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
                let outcome = try program.run(["leaks", "out", "\(count)"])
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
                ("definite", "Leaks.Retained"), ("definite", "Leaks.Dropped"), ("dead", "Leaks.Owner"),
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
            let closures = cycles.flatMap { $0["members"] as? [[String: Any]] ?? [] }.compactMap {
                $0["closure"] as? [String: Any]
            }
            #expect(closures.contains { $0["function"] as? String == "closure #1 in Leaks.Session.init(id:)" })
            #expect(
                closures.contains {
                    ($0["file"] as? String)?.hasSuffix("Leaks.swift") == true && $0["line"] as? Int == 13
                })
            #expect(
                leaks.lines.contains { $0.contains("onClose (closure #1 in Leaks.Session.init(id:), Leaks.swift:13)") })
            #expect(leaks.lines.contains("new true gone 0"))
            #expect(leaks.lines.contains("more true new true"))
        }

        @Test("What a task leaked and what it alone keeps is told, and why the largest types are alive")
        func whose() throws {
            let few = try Leaks(count: 10)
            let many = try Leaks(count: 20)
            func tasks(_ leaks: Leaks) -> [[String: Any]] { leaks.report.root["tasks"] as? [[String: Any]] ?? [] }
            for (leaks, count) in [(few, 10), (many, 20)] {
                // An object of two integers has 32 bytes.
                let task = try #require(tasks(leaks).first { $0["leakedBytes"] as? Int == 32 * count })
                // Its own object and the one that it has in its frame, at least.
                #expect(task["soleBytes"] as? Int ?? 0 > 400)
                let types = leaks.report.root["types"] as? [[String: Any]] ?? []
                let living = try #require(types.first { ($0["name"] as? String)?.hasSuffix("Leaks.Living") == true })
                let path = try #require(living["retainerPath"] as? [String: Any])
                #expect((path["steps"] as? [[String: Any]])?.last?["type"] as? String == living["name"] as? String)
                #expect((path["root"] as? String)?.isEmpty == false)
            }
        }
    }
}

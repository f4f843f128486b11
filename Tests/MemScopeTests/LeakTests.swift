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
            let few = try Leaks(count: 50)
            let many = try Leaks(count: 100)
            for (category, type) in [
                ("cycle", "Leaks.Session"), ("cycle", "Leaks.Parent"), ("cycle", "Leaks.Child"),
                ("cycle", "Leaks.Gate"), ("definite", "Leaks.Keeper"), ("held", "Leaks.Kept"),
                ("definite", "Leaks.Retained"), ("definite", "Leaks.Dropped"), ("dead", "Leaks.Owner"),
            ] {
                // A word that an unfinished frame has not written yet may hide one.
                let difference = many.blocks(category, type) - few.blocks(category, type)
                #expect((49...51).contains(difference), "\(category) \(type)")
                #expect(few.blocks(category, type) >= 49, "\(category) \(type)")
            }
            for leaks in [few, many] {
                let living = leaks.groups.filter {
                    let type = $0["type"] as? String ?? ""
                    return type.contains("Living") || type.contains("Visitor") || type.contains("Task")
                }
                #expect(living.isEmpty, "\(living)")
            }
        }

        @Test("What the program says is no leak is none, nor what it holds; and a region that it adds holds")
        func ignored() throws {
            let program = try DoorsProgram()
            let outcome = try program.run(["ignored leaks", "out"], environment: ["MEMSCOPE_LEAKS": "1"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.lines.dropLast() == [
                    "before 0", "returned 5, closure 0", "thrown true, after it 0", "objects 0", "scope 0", "lost 3",
                    "region 3",
                ])
            // What the region held lies in an array that a frame may have a word of left, as above: one is then news later.
            let last = try #require(outcome.lines.last)
            let hidden = try #require(["region removed 8", "region removed 7"].firstIndex(of: last), "\(last)")
            #expect(outcome.errors == "")
            let report = try program.report("out")
            // 5, 1, 5 and 5 objects with another each, and what these hold.
            #expect(report.figure("leaks", "ignoredBlocks") >= 2 * (5 + 1 + 5 + 5))
            let change = ["newBlocks", "knownBlocks", "goneBlocks"].map { report.figure("leaks", $0) }
            #expect(change[0] <= hidden && change[2] == 0, "\(change)")
            #expect(change[0] + change[1] == report.figure("leaks", "blocks"), "\(change)")
            #expect(
                report.section("leaks")["roots"] as? [String] == ["stacks", "registers", "globals", "tls", "mappings"])
        }

        @Test(
            "LeakSanitizer's functions in a program that links MemScope; the last check ends it with the status that was asked for"
        )
        func checks() throws {
            let program = try DoorsProgram()
            var outcome = try program.run(
                ["checks", "out"], environment: ["MEMSCOPE_LEAKS": "1", "MEMSCOPE_ERROR_EXITCODE": "23"])
            #expect(outcome.status == 23)
            #expect(outcome.lines == ["off 0", "nothing 0", "ignored 0", "lost 1", "again 1"], "\(outcome.errors)")
            #expect(outcome.errors.contains("LeakChecks"), "\(outcome.errors)")
            #expect(try program.report("out").figure("leaks", "blocks") >= 3)
            outcome = try program.run(["checks", "out"], environment: ["MEMSCOPE_LEAKS": "1"])
            #expect(outcome.status == 0)
            #expect(outcome.lines.last == "after 0")
            // It was the last: the report at exit has no other.
            #expect(try program.report("out").section("leaks")["blocks"] is NSNull)
        }

        @Test("Suppressions and classes of roots from the environment hold for the library's own reports")
        func environment() throws {
            let program = try DoorsProgram()
            let list = program.directory.appendingPathComponent("known")
            try "leak:Leaks.leak\n".write(to: list, atomically: true, encoding: .utf8)
            var outcome = try program.run(
                ["leaks", "out", "10"],
                environment: [
                    "MEMSCOPE_LEAKS": "1", "MEMSCOPE_SUPPRESSIONS": list.path, "MEMSCOPE_LEAK_ROOTS": "+unaligned",
                ])
            #expect(outcome.status == 0)
            let report = try program.report("out")
            #expect(report.figure("leaks", "suppressedBlocks") >= 40)
            let types = (report.section("leaks")["groups"] as? [[String: Any]] ?? []).compactMap {
                $0["type"] as? String
            }
            #expect(!types.contains { $0.hasSuffix("Session") || $0.hasSuffix("Retained") }, "\(types)")
            #expect((report.section("leaks")["roots"] as? [String])?.last == "unaligned")
            outcome = try program.run(
                ["leaks", "out", "10"],
                environment: [
                    "MEMSCOPE_LEAKS": "1", "MEMSCOPE_SUPPRESSIONS": "/nowhere", "MEMSCOPE_LEAK_ROOTS": "heap",
                ])
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("MEMSCOPE_SUPPRESSIONS names /nowhere, which cannot be read"))
            #expect(outcome.errors.contains("MEMSCOPE_LEAK_ROOTS must be a list of"))
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
            #expect(leaks.lines.contains("new true known 0 gone 0"))
            #expect(leaks.lines.contains("more true new true known true"))
            #expect(leaks.lines.contains("news true session true"))
            // What is unowned closes none.
            let members = cycles.flatMap { $0["members"] as? [[String: Any]] ?? [] }
            #expect(!members.contains { ($0["type"] as? String)?.contains("Leaks.Ke") == true })
        }

        @Test("Of an object that holds itself in two ways both are named")
        func further() throws {
            let leaks = try Leaks(count: 10)
            let cycles = leaks.report.root["cycles"] as? [[String: Any]] ?? []
            let gates = cycles.filter {
                (($0["members"] as? [[String: Any]])?.first?["type"] as? String)?.hasSuffix("Leaks.Gate") == true
            }
            // One row for each line that loses some.
            #expect(gates.count == 2)
            for gate in gates {
                let ways = [gate] + (gate["further"] as? [[String: Any]] ?? [])
                let fields = ways.flatMap { $0["edges"] as? [[String: Any]] ?? [] }.compactMap {
                    $0["field"] as? String
                }
                #expect(fields.sorted() == ["onClose", "onOpen"], "\(gate)")
                for way in ways { #expect((way["suggestion"] as? String)?.contains("[weak self]") == true) }
            }
            #expect(leaks.lines.contains { $0.contains("besides [") && $0.contains("[weak self]") })
        }

        @Test("What differs in addresses of code alone is one row")
        func sameLine() throws {
            let leaks = try Leaks(count: 10)
            // Two calls on a line lose one each, from each of the two lines that lose some.
            let twins = leaks.groups.filter { ($0["type"] as? String)?.hasSuffix("Leaks.Twin") == true }
            let blocks = twins.compactMap { $0["blocks"] as? Int }
            #expect(blocks.count == 2 && blocks.reduce(0, +) >= 21, "\(twins)")
            let cycles = leaks.report.root["cycles"] as? [[String: Any]] ?? []
            let fields = cycles.filter { (($0["edges"] as? [[String: Any]])?.first?["field"] as? String) == "twin" }
            #expect(fields.compactMap { $0["instances"] as? Int } == blocks, "\(fields)")
            for twin in twins {
                #expect(twin["retainedBytes"] as? Int == twin["bytes"] as? Int, "\(twin)")
            }
        }

        @Test("What a task leaked and what it alone keeps is told, and why the largest types are alive")
        func whose() throws {
            let few = try Leaks(count: 10)
            let many = try Leaks(count: 20)
            func tasks(_ leaks: Leaks) -> [[String: Any]] { leaks.report.root["tasks"] as? [[String: Any]] ?? [] }
            for (leaks, count) in [(few, 10), (many, 20)] {
                // An object of two integers has 32 bytes.
                let task = try #require(tasks(leaks).first { $0["leakedBytes"] as? Int == 32 * count })
                // The array, its own object and slab, and the object with its text that it has in its frame.
                let others = try #require(task["soleBytes"] as? Int) - 100_032
                #expect((400..<6_000).contains(others), "\(others)")
                let types = leaks.report.root["types"] as? [[String: Any]] ?? []
                let living = try #require(types.first { ($0["name"] as? String)?.hasSuffix("Leaks.Living") == true })
                let path = try #require(living["retainerPath"] as? [String: Any])
                #expect((path["steps"] as? [[String: Any]])?.last?["type"] as? String == living["name"] as? String)
                #expect((path["root"] as? String)?.isEmpty == false)
            }
        }
    }
}

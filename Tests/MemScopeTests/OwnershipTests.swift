internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("Who owns what, and what the program names")
    struct OwnershipTests {
        private func report(_ leaks: String) throws -> DoorsReport {
            let program = try DoorsProgram()
            let outcome = try program.run(["ownership", "out"], environment: ["MEMSCOPE_LEAKS": leaks])
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try program.report("out")
        }

        @Test("What three own is shared, with its counts, its owners and its name; a list is one link of a chain")
        func shared() throws {
            let ownership = try report("graph").section("ownership")
            let rows = ownership["shared"] as? [[String: Any]] ?? []
            let settings = try #require(rows.first { ($0["type"] as? String)?.hasSuffix("Ownership.Settings") == true })
            #expect(settings["name"] as? String == "settings")
            #expect(settings["kind"] as? String == "heapOwner")
            #expect(settings["strong"] as? Int == 3)
            #expect(settings["weak"] as? Int == 1)
            #expect(settings["unowned"] as? Int == 1)
            let referrers = settings["referrers"] as? [[String: Any]] ?? []
            #expect(referrers.map { $0["field"] as? String } == ["settings"])
            #expect(referrers.map { $0["count"] as? Int } == [3])
            let chains = ownership["chains"] as? [[String: Any]] ?? []
            let list = chains.first { chain in
                (chain["links"] as? [[String: Any]])?.contains {
                    ($0["type"] as? String)?.hasSuffix("Ownership.Link") == true && $0["isRepeated"] as? Bool == true
                } == true
            }
            // A global holds the first, on which the others hang.
            #expect(list?["longest"] as? Int == 4)
        }

        @Test("A reference on a stack is its function's; MemScope's own closures are in no figure")
        func running() throws {
            let report = try report("graph")
            let rows = report.section("ownership")["shared"] as? [[String: Any]] ?? []
            let watch = try #require(rows.first { ($0["type"] as? String)?.hasSuffix("Ownership.Watch") == true })
            let referrers = watch["referrers"] as? [[String: Any]] ?? []
            let running = referrers.filter { $0["kind"] as? String == "stackOwner" }
            let functions = running.compactMap { $0["frame"] as? String }
            #expect(functions.contains { $0.contains("Ownership.hold(_:)") }, "\(running)")
            #expect(running.allSatisfy { $0["frame"] is String || $0["whyNoFrame"] is String })
            let roots = running.compactMap { $0["root"] as? String }
            #expect(roots.allSatisfy { $0.contains("the stack of") || $0.contains("a register of") }, "\(roots)")
            #expect(watch["accuracy"] as? String == "estimated")
            #expect(rows.allSatisfy { ($0["type"] as? String)?.contains("MemScope.") == false })
            let sites = report.root["callSites"] as? [[String: Any]] ?? []
            #expect(!sites.contains { ($0["function"] as? String)?.contains("exportReport") == true })
        }

        @Test("A name stays with its block and ends with it, whoever comes to its address")
        func names() throws {
            let report = try report("1")
            let rows = report.root["tracked"] as? [[String: Any]] ?? []
            let figures = rows.map { row in
                "\(row["name"] ?? "") \(row["blocks"] ?? "") \(row["liveBlocks"] ?? "") \(row["freedBlocks"] ?? "")"
            }
            #expect(figures == ["settings 1 1 0", "passing 10 0 10", "lost 4 4 0", "numbers 1 1 0"])
            #expect(rows.allSatisfy { $0["file"] as? String == "doors/Ownership.swift" })
            let groups = report.section("leaks")["groups"] as? [[String: Any]] ?? []
            let lost = groups.first { ($0["type"] as? String)?.hasSuffix("Ownership.Lost") == true }
            #expect(lost?["name"] as? String == "lost")
            #expect(report.root["ownership"] is NSNull)
            #expect(report.section("notCollected")["ownership"] != nil)
        }
    }
}

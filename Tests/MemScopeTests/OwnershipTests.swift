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

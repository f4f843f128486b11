internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("Who retained and released what, in a program that links the library")
    struct RetainLedgerTests {
        private func report(_ selection: String?) throws -> DoorsReport {
            let program = try DoorsProgram()
            var environment = ["MEMSCOPE_LEAKS": "1"]
            environment["MEMSCOPE_OWNERSHIP"] = selection
            let outcome = try program.run(["leaks", "out", "10"], environment: environment)
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try program.report("out")
        }

        private func frames(_ stack: Any?) -> [String] {
            (stack as? [[String: Any]] ?? []).compactMap { $0["function"] as? String }
        }

        @Test("What was leaked by passRetained is left by the function that did it, once for each")
        func unmatched() throws {
            let ledger = try report("types:Leaks.").section("retainLedger")
            #expect(ledger["state"] as? String == "on", "\(ledger["sentence"] ?? "")")
            let types = ledger["types"] as? [[String: Any]] ?? []
            let retained = try #require(types.first { ($0["name"] as? String)?.hasSuffix("Retained") == true })
            #expect(retained["objects"] as? Int == 11)
            #expect(retained["balance"] as? Int == 11)
            let objects = (ledger["objects"] as? [[String: Any]] ?? []).filter {
                ($0["type"] as? String)?.hasSuffix("Retained") == true
            }
            #expect(objects.count == 11)
            for object in objects {
                let left = object["unmatched"] as? [[String: Any]] ?? []
                #expect(object["isLeaked"] as? Bool == true)
                #expect(left.count == 1)
                #expect(frames(left.first?["stack"]).contains { $0.contains("Leaks.leak") }, "\(left)")
            }
        }

        @Test("The references of a cycle say which retain made them")
        func cycles() throws {
            let cycles = try report("types:Leaks.").root["cycles"] as? [[String: Any]] ?? []
            let edges = cycles.flatMap { $0["edges"] as? [[String: Any]] ?? [] }
            let closure = try #require(edges.first { ($0["field"] as? String)?.contains("onClose") == true })
            #expect(frames((closure["createdBy"] as? [String: Any])?["stack"]).contains { $0.contains("Session.init") })
            // Arrays were not selected.
            let array = try #require(edges.first { ($0["field"] as? String)?.contains("children") == true })
            #expect(array["createdBy"] is NSNull)
        }

        @Test("Nobody asked: off, and it says how to ask; nonsense is declined and breaks nothing")
        func off() throws {
            let off = try report(nil)
            #expect(off.section("retainLedger")["state"] as? String == "off")
            #expect((off.section("notCollected")["retainLedger"] as? String)?.contains("--ownership") == true)
            let nonsense = try report("everything")
            #expect(nonsense.section("retainLedger")["state"] as? String == "declined")
            #expect(nonsense.figure("summary", "allocations") > 100)
        }
    }
}

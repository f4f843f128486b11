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
            // A word that a frame has left may hide one.
            #expect(objects.count { $0["isLeaked"] as? Bool == true } >= 10)
            for object in objects {
                let left = object["unmatched"] as? [[String: Any]] ?? []
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

        @Test("Nobody asked: off, and it says how to ask")
        func off() throws {
            let off = try report(nil)
            #expect(off.section("retainLedger")["state"] as? String == "off")
            #expect((off.section("notCollected")["retainLedger"] as? String)?.contains("--ownership") == true)
        }

        /// The ledger of a program that asks for one itself, and what it wrote to standard error.
        private func asked(
            _ way: String, environment: [String: String] = [:]
        ) throws -> (ledger: [String: Any], errors: String) {
            let program = try DoorsProgram()
            let outcome = try program.run(["retains", "out", way], environment: environment)
            try #require(outcome.status == 0, "\(outcome.errors)")
            return (try program.report("out").section("retainLedger"), outcome.errors)
        }

        /// Objects and balance by the last part of a type's name.
        private func types(_ ledger: [String: Any]) -> [String: [Int]] {
            let rows = (ledger["types"] as? [[String: Any]] ?? []).map { row in
                (
                    (row["name"] as? String ?? "").split(separator: "Retains.").last.map(String.init) ?? "",
                    [row["objects"] as? Int ?? -1, row["balance"] as? Int ?? -1]
                )
            }
            return Dictionary(rows, uniquingKeysWith: { first, _ in first })
        }

        @Test("By scope: what was allocated in it and inside of it, though its name has a comma")
        func scopes() throws {
            let ledger = try asked("scopes").ledger
            #expect(ledger["state"] as? String == "on", "\(ledger["sentence"] ?? "")")
            // Three and two references besides the array's.
            #expect(types(ledger)["Held"] == [2, 7], "\(types(ledger))")
        }

        @Test("By type: a comma between generic arguments is part of the name")
        func generic() throws {
            let ledger = try asked("types").ledger
            #expect(types(ledger) == ["Nope<Swift.Bool, Swift.Int>": [1, 3]], "\(types(ledger))")
        }

        @Test(
            "A selection of nothing, and one that is too long, are declined with the reason",
            arguments: [("nothing", "at least one name"), ("too long", "longer than 4095 bytes")])
        func declined(_ way: String, _ reason: String) throws {
            let ledger = try asked(way).ledger
            #expect(ledger["state"] as? String == "declined")
            #expect((ledger["sentence"] as? String)?.contains(reason) == true, "\(ledger["sentence"] ?? "")")
        }

        @Test("What is given back in a pause is not left")
        func pause() throws {
            let ledger = try asked("pause").ledger
            // The storage of the array of references has a name that contains the type's.
            let name = "Pair<Swift.Int, Swift.Int>"
            #expect(types(ledger)[name] == [1, 1], "\(types(ledger))")
            let rows = ledger["types"] as? [[String: Any]] ?? []
            let row = try #require(rows.first { ($0["name"] as? String)?.hasSuffix("Retains.\(name)") == true })
            #expect(row["accuracy"] as? String == "exact")
            #expect(row["retains"] as? Int ?? 0 >= 1000)
        }

        @Test("The environment started tracking, the program asks for a ledger later: it gets one")
        func late() throws {
            let late = try asked("held", environment: ["MEMSCOPE": "1"]).ledger
            #expect(late["state"] as? String == "on", "\(late["sentence"] ?? "")")
            #expect(types(late) == ["Held": [1, 2]], "\(types(late))")
        }

        @Test("The environment goes before the program; its nonsense is named and ignored, its 0 means none")
        func environment() throws {
            let nonsense = try asked("held", environment: ["MEMSCOPE_OWNERSHIP": "everything"])
            #expect(nonsense.errors.contains("memscope: MEMSCOPE_OWNERSHIP must be"), "\(nonsense.errors)")
            #expect(nonsense.errors.contains("not everything"))
            #expect(types(nonsense.ledger)["Held"] == [1, 2])
            let names = "types:" + String(repeating: "x", count: 5000)
            let long = try asked("held", environment: ["MEMSCOPE_OWNERSHIP": names])
            #expect(long.errors.contains("MEMSCOPE_OWNERSHIP must be shorter than 4096 bytes"), "\(long.errors)")
            #expect(types(long.ledger)["Held"] == [1, 2])
            let none = try asked("held", environment: ["MEMSCOPE_OWNERSHIP": "0"])
            #expect(none.ledger["state"] as? String == "off" && none.errors.isEmpty, "\(none.errors)")
            let other = try asked("held", environment: ["MEMSCOPE_OWNERSHIP": "types:Retains.Pair"])
            #expect(other.ledger["state"] as? String == "on" && types(other.ledger).isEmpty)
        }
    }
}

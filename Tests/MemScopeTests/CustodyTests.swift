internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("Which module frees")
    struct CustodyTests {
        @Test("What a program keeps is its own, not freed; what it frees itself crosses nothing")
        func program() throws {
            let program = try DoorsProgram()
            let outcome = try program.run(["custody", "out"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            let report = try program.report("out")
            let rows = report.root["boundaries"] as? [[String: Any]] ?? []
            let kept = try #require(rows.first { $0["freedIn"] is NSNull && $0["allocatedIn"] as? String == "doors" })
            #expect((kept["bytes"] as? Int ?? 0) / DoorsReport.block == 3)
            #expect((kept["function"] as? String)?.contains("Blocks.keep") == true)
            #expect(rows.allSatisfy { $0["freedIn"] is NSNull })
            #expect(report.section("notCollected")["boundaries"] == nil)
        }

        @Test("The environment goes before what the program asks for")
        func environment() throws {
            let program = try DoorsProgram()
            let outcome = try program.run(["custody", "out"], environment: ["MEMSCOPE_CUSTODY": "0"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            let report = try program.report("out")
            #expect((report.root["boundaries"] as? [Any])?.isEmpty == true)
            #expect((report.section("notCollected")["boundaries"] as? String)?.contains("MEMSCOPE_CUSTODY") == true)
        }
    }
}

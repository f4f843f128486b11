internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("What lives, by type")
    struct CensusTests {
        /// Bytes of one object, and of its array's storage: a header of 32 and 500 elements, rounded up to 16.
        private static let item = 32
        private static let storage = 32 + 1_000

        private func rows(_ environment: [String: String]) throws -> [[String: Any]] {
            let program = try DoorsProgram()
            let outcome = try program.run(["census", "out"], environment: environment)
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try ["first", "second", "third"].map { place in
                let types = try program.report("out/\(place)").root["types"] as? [[String: Any]] ?? []
                return try #require(types.first { ($0["name"] as? String)?.hasSuffix("Census.Item") == true })
            }
        }

        @Test("Growth is against the report before; ages are told; without the graph nothing is charged")
        func growth() throws {
            let rows = try rows([:])
            #expect(rows.map { $0["liveBlocks"] as? Int } == [20, 45, 0])
            #expect(rows.map { $0["growthBytes"] as? Int } == [nil, 25 * Self.item, -45 * Self.item])
            #expect(rows.allSatisfy { $0["chargedBytes"] is NSNull && $0["kind"] as? String == "class" })
            let ages = rows.map { $0["averageAgeSeconds"] as? Double }
            #expect(ages[2] == nil)
            #expect(try #require(ages[0]) >= 0)
        }

        @Test("With the whole graph private buffers are charged to their owners, shared ones to nobody")
        func charges() throws {
            let rows = try rows(["MEMSCOPE_LEAKS": "graph"])
            let charged = rows.map { $0["chargedBytes"] as? Int ?? -1 }
            #expect(charged == [19 * Self.storage, 45 * Self.storage, 0])
        }
    }
}

internal import Foundation
internal import Testing

extension MemScopeTests {
    /// With the tool and the preload library that were built beside the tests.
    @Suite("A program that links the library, under memscope run")
    struct PreloadTests {
        private let program: DoorsProgram

        init() throws { program = try DoorsProgram() }

        private static let library = DoorsProgram.products.appendingPathComponent("libMemScopePreload.so")
        private static let memscope = DoorsProgram.products.appendingPathComponent("memscope").path

        private func run(_ arguments: [String], library: URL = Self.library) throws -> DoorsProgram.Outcome {
            try program.run(
                arguments, under: [Self.memscope, "run", "--library", library.path, "--output", "run", "--"])
        }

        @Test("The preloaded copy serves the program's own calls: both reports have every scope")
        func both() throws {
            let outcome = try run(["scopes", "own"])
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            #expect(outcome.lines.last == "main actor 2")
            let own = try program.report("own")
            let whole = try program.report("run")
            for report in [own, whole] {
                #expect(report.scopes["outer"]?.blocks == 4)
                #expect(report.scopes["parent"]?.blocks == 17)
                #expect(report.scopes["hopping"]?.blocks == 20)
                #expect(report.scopes["around"]?.selfBlocks == 9)
                #expect(report.scopes["side 3"]?.blocks == 40)
                // The environment has started the tracking before the program asked.
                #expect(report.scopes["before start"]?.blocks == 1)
                #expect(report.negatives() == [])
            }
            #expect(whole.figure("summary", "allocations") >= own.figure("summary", "allocations"))
        }

        @Test("Scopes of a program that never starts tracking")
        func plain() throws {
            let outcome = try run(["plain"])
            #expect(outcome.lines == ["done"])
            #expect(outcome.errors == "")
            let report = try program.report("run")
            #expect(report.scopes["synchronous"]?.figure("allocations") == 3)
            #expect(report.scopes["asynchronous"]?.blocks == 6)
        }

        @Test("What the program reads of itself comes from the preloaded copy")
        func readings() throws {
            let outcome = try run(["readings"])
            #expect(outcome.errors == "")
            // The environment has started the tracking already.
            #expect(outcome.lines == ReadingTests.expected(before: "figures true, scope nil, task true"))
        }

        @Test("Copies of different versions: neither tracks, which is said once, and the program lives")
        func mismatch() throws {
            // The table begins with its version and its size. A relocation may look the same; data lies behind those.
            var bytes = try Data(contentsOf: Self.library)
            let size = UInt32(8 + 34 * MemoryLayout<UInt64>.size)
            let start = withUnsafeBytes(of: (UInt32(7), size)) { Data($0) }
            let table = try #require(bytes.range(of: start, options: .backwards))
            bytes[table.lowerBound] = 99
            let doctored = program.directory.appendingPathComponent("libMemScopePreload.so")
            try bytes.write(to: doctored)
            let outcome = try run(["without", "own"], library: doctored)
            try #require(outcome.lines.count == 4, "\(outcome.lines) \(outcome.errors)")
            #expect(outcome.lines[0].hasPrefix("versionMismatch "))
            #expect(outcome.lines[1...2] == ["tracking false", "worked 42"])
            #expect(outcome.lines[3].hasPrefix("notTracking "))
            #expect(outcome.status == 0)
            let said = outcome.errors.split(separator: "\n")
            #expect(said.count { $0.contains("different versions; neither tracks") } == 1)
            #expect(said.contains { $0.contains("left no capture") })
            #expect(!program.files("").contains("own"))
        }
    }
}

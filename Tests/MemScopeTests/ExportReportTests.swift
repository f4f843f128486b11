internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("exportReport, at all times and from everywhere")
    struct ExportReportTests {
        private let program: DoorsProgram

        init() throws { program = try DoorsProgram() }

        private static let files = ["report.html", "report.json"]
        private static let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Docs/report.schema.json").path

        @Test("Relative paths, new directories, spaces; the default is in the environment")
        func places() throws {
            let places = ["out", "new/below/it", "with a space/ü"]
            #expect(try program.run(["exports"] + places).lines == ["written", "written", "written"])
            for place in places {
                #expect(program.files(place) == Self.files)
                #expect(try program.report(place).figure("summary", "allocatedBytes") / DoorsReport.block == 5)
            }
        }

        @Test("Where nothing can be written the error says so, and nothing is left")
        func refused() throws {
            try Data().write(to: program.directory.appendingPathComponent("file"))
            let lines = try program.run(["exports", "/proc/nowhere", "file", "file/below", "out"]).lines
            try #require(lines.count == 4)
            for line in lines[..<3] { #expect(line.hasPrefix("notWritten "), "\(line)") }
            #expect(lines[3] == "written")
            #expect(program.files("") == ["file", "out"])
        }

        @Test("A full disk is an error; the program lives and the earlier report stays")
        func limited() throws {
            let outcome = try program.run(["limited", "out"])
            #expect(outcome.status == 0 && !outcome.isKilled)
            try #require(outcome.lines.count == 4)
            #expect(outcome.lines[0] == "written")
            #expect(outcome.lines[1].hasPrefix("notWritten ") && outcome.lines[1].contains("File too large"))
            #expect(outcome.lines[2].hasPrefix("notWritten "))
            #expect(outcome.lines[3] == "alive")
            #expect(program.files("out") == Self.files)
            #expect(try program.report("out").figure("summary", "allocatedBytes") / DoorsReport.block == 2)
        }

        @Test("Before start there is nothing to report, and nothing is made")
        func unstarted() throws {
            let lines = try program.run(["unstarted", "out"]).lines
            #expect(lines.count == 1 && lines[0].hasPrefix("notTracking "))
            #expect(program.files("") == [])
        }

        @Test("From a task on a small stack, about deep stacks")
        func fromTask() throws {
            #expect(try program.run(["task", "out"]).lines == ["written"])
            #expect(try program.report("out").figure("summary", "allocatedBytes") / DoorsReport.block == 2)
        }

        @Test("From eight threads and eight tasks at once: sixteen whole reports")
        func crowd() throws {
            #expect(try program.run(["crowd", "out"]).lines == Array(repeating: "written", count: 16))
            let places = program.files("out")
            #expect(places == ["task-0"] + (4...7).map { "task-\($0)" } + (0...7).map { "thread-\($0)" })
            for place in places {
                #expect(program.files("out/\(place)") == Self.files)
                #expect(try program.report("out/\(place)").figure("summary", "allocatedBytes") / DoorsReport.block == 2)
            }
        }

        @Test("Fifty times: no thread, descriptor or mapping more, and no heap that grows")
        func again() throws {
            let lines = try program.run(["again", "out", "50"]).lines
            let growth = Dictionary(
                uniqueKeysWithValues: lines.map { ($0.split(separator: " ")[0], Int($0.split(separator: " ")[1])!) })
            #expect(growth["threads"] == 0)
            #expect(growth["descriptors"] == 0)
            // Arenas of the allocator come and go.
            #expect(growth["mappings"]! <= 4)
            // KiB over 45 exports, each of which takes and returns several MiB.
            #expect(growth["memory"]! < 4096)
        }

        @Test("The report follows the schema", .enabled(if: Self.hasValidator, "needs Python's jsonschema"))
        func schema() throws {
            #expect(try program.run(["scopes", "out"]).status == 0)
            let check = "import json,sys,jsonschema; jsonschema.validate(*[json.load(open(f)) for f in sys.argv[1:]])"
            let outcome = try DoorsProgram.execute(
                ["python3", "-c", check, "out/report.json", Self.schema], in: program.directory)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }

        private static let hasValidator =
            (try? DoorsProgram.execute(
                ["python3", "-c", "import jsonschema"], in: FileManager.default.temporaryDirectory))?.status == 0
    }
}

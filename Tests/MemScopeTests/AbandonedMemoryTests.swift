internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("What every repetition leaves behind")
    struct AbandonedMemoryTests {
        @Test(
            "Leaks and growth are told by the repetition; what is made once or is full is not told",
            arguments: [false, true])
        func found(isPreloaded: Bool) throws {
            let program = try DoorsProgram()
            let library = DoorsProgram.products.appendingPathComponent("libMemScopePreload.so").path
            let memscope = DoorsProgram.products.appendingPathComponent("memscope").path
            let wrapper = isPreloaded ? [memscope, "run", "--library", library, "--output", "run", "--"] : []
            let outcome = try program.run(["abandoned"], under: wrapper)
            #expect(outcome.status == 0 && outcome.errors == "")
            let page = "doors.Abandoned.Page"
            let lost = "doors.Abandoned.Lost"
            let expected = [
                "empty true: nothing grew with 10 repetitions", "leak: abandoned [] leaked [1 \(lost) of 10]",
                "empty false: each repetition leaks 1 × \(lost), PLACE: 2400 bytes in 10 repetitions",
                "cache: abandoned [1 \(page) of 7] leaked []", "bounded: abandoned [] leaked []",
                "once: abandoned [] leaked []",
                "both: abandoned [2 \(page) of 60] leaked [1 \(lost) of 30]",
                "asynchronous: abandoned [1 \(page) of 8] leaked []", "refused 4", "again: abandoned [] leaked []",
            ]
            let lines = outcome.lines.map { $0.replacing(/, Abandoned.*: 2/, with: ", PLACE: 2") }
            #expect(lines == (isPreloaded ? [] : ["notTracking"]) + expected)
        }

        @Test("What is suppressed is neither leaked nor still referred to")
        func suppressed() throws {
            let program = try DoorsProgram()
            let file = program.directory.appendingPathComponent("suppressions")
            try Data("leak:Abandoned.lose\n".utf8).write(to: file)
            let outcome = try program.run(["abandoned"], environment: ["MEMSCOPE_SUPPRESSIONS": file.path])
            #expect(outcome.status == 0 && outcome.errors == "")
            #expect(outcome.lines.contains("leak: abandoned [] leaked []"))
            #expect(outcome.lines.contains("both: abandoned [2 doors.Abandoned.Page of 60] leaked []"))
            #expect(!outcome.lines.contains { $0.contains("Lost") })
        }
    }
}

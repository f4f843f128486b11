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
                "nothing: abandoned [] leaked []", "leak: abandoned [] leaked [1 \(lost) of 10]",
                "cache: abandoned [1 \(page) of 7] leaked []", "bounded: abandoned [] leaked []",
                "once: abandoned [] leaked []",
                "both: abandoned [2 \(page) of 60] leaked [1 \(lost) of 30]",
                "asynchronous: abandoned [1 \(page) of 8] leaked []", "refused 4", "again: abandoned [] leaked []",
            ]
            #expect(outcome.lines == (isPreloaded ? [] : ["notTracking"]) + expected)
        }
    }
}

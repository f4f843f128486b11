internal import Testing

extension MemScopeTests {
    @Suite("A running program reads its figures, its scope and its task")
    struct ReadingTests {
        private let program: DoorsProgram

        init() throws { program = try DoorsProgram() }

        /// What the program says. Only its first line depends on who has started the tracking.
        static func expected(before: String) -> [String] {
            [
                before,
                "allocated 5, live 3, later true, blocks add up true, peak true",
                "in outer > inner/of",
                "in outer",
                "long true",
                "tasks true, same true, in parent",
                "outside of tasks true",
                "after the stop: true, scope nil",
            ]
        }

        @Test("Figures follow the heap, paths name every scope, tasks have numbers of their own")
        func readings() throws {
            let outcome = try program.run(["readings"])
            #expect(outcome.lines == Self.expected(before: "figures false, scope nil, task false"))
            #expect(outcome.errors == "")
        }
    }
}

internal import Testing

extension MemScopeTests {
    @Suite("trackScope counts what happens inside of it, and nothing else")
    struct TrackScopeTests {
        private let program: DoorsProgram
        private let lines: [String]
        private let scopes: [String: DoorsReport.Scope]

        init() throws {
            program = try DoorsProgram()
            let outcome = try program.run(["scopes", "out"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            lines = outcome.lines
            scopes = try program.report("out").scopes
        }

        @Test("Each scope has exactly its blocks")
        func blocks() {
            // The blocks of the scope with those below it, then its own.
            let expected: [String: (all: Int, own: Int)] = [
                "synchronous": (3, 3), "outer": (4, 2), "outer/inner": (2, 2),
                "other outer": (5, 0), "other outer/inner": (5, 5), "often": (100, 100), "": (1, 1), "späť 🧵": (1, 1),
                "asynchronous": (5, 2), "asynchronous/inside": (1, 1), "asynchronous/awaiting inside": (2, 2),
                "hopping": (20, 20),
                // async let, a group, a Task and one that outlived the scope; nothing of the detached.
                "parent": (17, 17), "detached": (2, 2),
                "side 0": (10, 10), "side 1": (20, 20), "side 2": (30, 30), "side 3": (40, 40),
                // A task that ran on the thread meanwhile has its own scopes, or none.
                "around": (16, 9), "around/own": (7, 3), "around/own/own, synchronous": (4, 4),
                "throwing": (1, 1), "throwing, asynchronous": (1, 1), "never throwing": (0, 0), "cancelled": (1, 1),
                "actor": (2, 2), "actor, synchronous": (1, 1), "main actor": (2, 2),
            ]
            #expect(Set(scopes.keys) == Set(expected.keys))
            for (path, figures) in expected {
                #expect(scopes[path]?.blocks == figures.all, "\(path)")
                #expect(scopes[path]?.selfBlocks == figures.own, "\(path), itself")
            }
        }

        @Test("A synchronous scope adds nothing of its own", arguments: ["synchronous", "outer", "often", "throwing"])
        func nothingElse(_ path: String) throws {
            let scope = try #require(scopes[path])
            #expect(scope.figure("allocatedBytes") == scope.blocks * DoorsReport.block)
            #expect(scope.figure("allocations") == scope.blocks)
            #expect(scope.figure("selfAllocations") == scope.selfBlocks)
            #expect(scope.figure("frees") == (path == "often" ? scope.blocks : 0))
            #expect(scope.figure("liveBlocks") == (path == "often" ? 0 : scope.blocks))
        }

        @Test("Scopes are entered as often as they are, and not before tracking began")
        func entries() {
            #expect(scopes["often"]?.figure("entries") == 100)
            #expect(scopes["never throwing"]?.figure("entries") == 2)
            #expect(scopes["actor"]?.figure("entries") == 1)
            #expect(scopes["before start"] == nil)
        }

        @Test("Bodies run where their caller runs, return what they return and throw what they throw")
        func bodies() {
            #expect(
                lines == [
                    "asynchronous 3", "hopped true", "synchronous refusal 7", "asynchronous refusal 8", "never 2",
                    "cancelled true", "actor 2", "main actor 2",
                ])
        }
    }
}

internal import Foundation
internal import Testing

extension RunTests {
    @Suite("Leaks decide about the exit status if they are asked to, and never for the better")
    struct RunLeakStatusTests {
        private let harness: RunHarness
        private let program: String

        init() throws {
            harness = try RunHarness()
            program = harness.directory.appendingPathComponent("leaking").path
            let source = RunHarness.fixtures.appendingPathComponent("leaking.c").path
            let built = RunHarness.execute(
                "/usr/bin/env", ["clang", "-O0", "-fno-builtin", "-Wall", "-Wextra", "-Werror", "-o", program, source])
            try #require(built.status == 0, "\(built.errors)")
        }

        /// Runs the program under the library itself.
        private func run(
            _ options: [String], _ arguments: [String], environment: [String: String] = [:]
        ) -> RunHarness.Outcome {
            let library = URL(filePath: RunHarness.memscope).deletingLastPathComponent()
                .appendingPathComponent("libMemScopePreload.so").path
            let line =
                ["run", "--library", library, "--output", harness.output] + options + ["--", program] + arguments
            return harness.memscope(line, environment: environment)
        }

        @Test(
            "Asked for on the command line, the search is made whatever the environment says",
            arguments: [["--leaks"], ["--ownership-graph"], ["--leaks", "--ownership-graph"]], ["0", "1", "yes", ""])
        func asked(_ options: [String], _ value: String) {
            let outcome = run(
                options + ["--error-exitcode", "42"], ["20", "exit=3"], environment: ["MEMSCOPE_LEAKS": value])
            #expect(outcome.status == 42 && outcome.errors.contains("bytes leaked; see "), "\(outcome.errors)")
        }

        @Test("Without leaks, and without the option, the status is the program's")
        func own() {
            for (options, count, status) in [
                (["--leaks", "--error-exitcode", "42"], "0", 0 as Int32),
                (["--leaks", "--error-exitcode", "42"], "0", 3),
                (["--leaks"], "20", 0), (["--ownership-graph"], "20", 3),
            ] {
                let outcome = run(options, [count, "exit=\(status)"])
                #expect(outcome.status == status, "\(options) \(outcome.errors)")
            }
        }

        @Test("A signal that ended the program ends the run, leaks or none", arguments: [6, 11, 15] as [Int32])
        func signal(_ signal: Int32) {
            let outcome = run(["--leaks", "--error-exitcode", "42"], ["20", "signal=\(signal)"])
            #expect(outcome.signal == signal, "\(outcome.errors)")
        }

        @Test("The program's own last check stands for the search at its end")
        func ownCheck() {
            let options = ["--leaks", "--error-exitcode", "42"]
            #expect(run(options, ["20", "check"]).status == 42)
            #expect(run(options, ["0", "check"]).status == 0)
        }

        @Test("Where nothing could be looked for, success is none; a failure of the program's stays")
        func unknown() {
            // The stand-in looks for nothing.
            let options = ["--leaks", "--error-exitcode", "42"]
            let outcome = harness.run(["/bin/true"], options: options)
            #expect(outcome.status == 70 && outcome.errors.contains("leaks were not looked for"), "\(outcome.errors)")
            #expect(harness.run(["/bin/sh", "-c", "exit 3"], options: options).status == 3)
            for trouble in ["STANDIN_NO_CAPTURE", "STANDIN_BAD_CAPTURE"] {
                #expect(harness.run(["/bin/true"], options: options, environment: [trouble: "1"]).status == 70)
                #expect(harness.run(["/bin/true"], options: ["--leaks"], environment: [trouble: "1"]).status == 0)
            }
            #expect(harness.run(["/bin/true"], options: ["--leaks"]).status == 0)
        }

        @Test("A status that could not be told from success, or without a search, is refused")
        func refused() {
            #expect(harness.run(["/bin/true"], options: ["--error-exitcode", "42"]).status == 64)
            #expect(harness.run(["/bin/true"], options: ["--leaks", "--error-exitcode", "0"]).status == 64)
        }
    }
}

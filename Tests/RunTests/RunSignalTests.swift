internal import Foundation
internal import Glibc
internal import Testing

extension RunTests {
    @Suite("Signals and the terminal")
    struct RunSignalTests {
        private let harness: RunHarness

        init() throws { harness = try RunHarness() }

        /// Starts a shell script under run, waits for its file, signals the run and returns what came of it.
        private func signalled(_ number: Int32, script: String) -> RunHarness.Outcome {
            let ready = harness.directory.appendingPathComponent("ready").path
            let line = harness.commandLine() + ["/bin/sh", "-c", script, "sh", ready]
            return RunHarness.execute(line[0], Array(line.dropFirst()), in: harness.directory) { pid in
                // Ten seconds are for a machine that does something else.
                for _ in 0..<2000 where access(ready, F_OK) != 0 { usleep(5000) }
                kill(pid, number)
            }
        }

        @Test(
            "What is sent to run arrives in the program",
            arguments: [SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, 40])
        func passedOn(_ number: Int32) {
            let trap = "trap 'echo caught; exit 5' \(number); : > \"$1\"; while :; do sleep 0.02; done"
            let outcome = signalled(number, script: trap)
            #expect(outcome.text == "caught\n")
            #expect(outcome.status == 5)
        }

        @Test(
            "A program that does not care ends by the signal, and run after it", arguments: [SIGHUP, SIGTERM, SIGUSR1])
        func defaultAction(_ number: Int32) {
            let outcome = signalled(number, script: ": > \"$1\"; exec sleep 20")
            #expect(outcome.signal == number)
        }

        @Test("SIGINT and SIGQUIT to run alone do nothing", arguments: [SIGINT, SIGQUIT])
        func ignored(_ number: Int32) {
            let outcome = signalled(number, script: ": > \"$1\"; sleep 0.2; echo lives; exit 6")
            #expect(outcome.text == "lives\n")
            #expect(outcome.status == 6)
        }

        @Test("Ctrl-C is the program's to answer, and run waits for its answer")
        func interrupt() throws {
            let answer = try harness.terminal("interrupt")
            #expect(answer["exit"] as? Int == 7)
            let output = try #require(answer["output"] as? String)
            #expect(output.contains("caught\r\ndone\r\n"))
            #expect(output.contains("memscope: wrote \(harness.output)/report.html"))
        }

        @Test("Ctrl-C ends run by SIGINT when it ended the program")
        func interruptDefault() throws {
            #expect(try harness.terminal("interrupt-default")["exit"] as? Int == -2)
        }

        @Test("Ctrl-Z stops both, continuing continues both")
        func suspend() throws {
            let answer = try harness.terminal("suspend")
            #expect(answer["stopped"] as? [Bool] == [true, true, true])
            #expect(answer["continued"] as? [Bool] == [true, true, true])
            #expect((answer["output"] as? String)?.contains("ended 5") == true)
        }

        @Test("Ignored signals and the mask are inherited as without run")
        func inherited() throws {
            let answer = try harness.terminal("ignored")
            #expect(answer["run"] as? String == answer["alone"] as? String)
            #expect((answer["alone"] as? String)?.hasPrefix("[1, 0, 1, 0]") == true)
        }
    }
}

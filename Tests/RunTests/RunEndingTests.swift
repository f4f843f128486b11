internal import Foundation
internal import Testing

extension RunTests {
    @Suite("The program's ending is the run's ending")
    struct RunEndingTests {
        private let harness: RunHarness

        init() throws { harness = try RunHarness() }

        @Test("Exit status", arguments: [0, 1, 2, 63, 127, 128, 200, 255] as [Int32])
        func status(_ status: Int32) {
            let outcome = harness.run(["/bin/sh", "-c", "exit \(status)"])
            #expect(outcome.status == status)
            #expect(outcome.signal == 0)
            #expect(outcome.errors == "")
        }

        @Test("Signal", arguments: [1, 2, 3, 4, 6, 8, 9, 11, 13, 14, 15, 10, 12, 34] as [Int32])
        func signal(_ signal: Int32) {
            let outcome = harness.run(["/bin/sh", "-c", "kill -\(signal) $$; sleep 10"])
            #expect(outcome.signal == signal)
            #expect(outcome.errors.contains("left no capture") || signal == 9)
        }

        @Test("A killed program is told from others, with the newest periodic export of this run")
        func killed() throws {
            try FileManager.default.createDirectory(
                atPath: harness.output + "/export-99", withIntermediateDirectories: true)
            let long = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -3600)]
            try FileManager.default.setAttributes(long, ofItemAtPath: harness.output + "/export-99")
            let none = harness.run(["/bin/sh", "-c", "kill -9 $$"])
            #expect(none.signal == 9)
            #expect(none.errors.contains("SIGKILL"))
            #expect(none.errors.contains("there is no periodic export"))
            #expect(none.errors.split(separator: "\n").count == 1)
            let some = harness.run([
                "/bin/sh", "-c", "mkdir \"$MEMSCOPE_OUTPUT\"/export-9 \"$MEMSCOPE_OUTPUT\"/export-10; kill -9 $$",
            ])
            #expect(some.errors.contains("the newest periodic export is \(harness.output)/export-10\n"))
        }

        @Test("A program without a capture is told in one line and keeps its status")
        func withoutCapture() {
            let outcome = harness.run(["/bin/sh", "-c", "exit 3"], environment: ["STANDIN_NO_CAPTURE": "1"])
            #expect(outcome.status == 3)
            #expect(outcome.errors.contains("exited with status 3 and left no capture"))
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }

        @Test("A capture that cannot be rendered is kept, and the status is the program's")
        func badCapture() {
            let outcome = harness.run(["/bin/sh", "-c", "exit 4"], environment: ["STANDIN_BAD_CAPTURE": "1"])
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("cannot render \(harness.output)/capture.memscope, which is kept"))
            #expect(harness.hasOutput("capture.memscope"))
        }

        @Test("The capture goes after rendering, unless it is to be kept")
        func capture() {
            #expect(harness.run(["/bin/true"]).status == 0)
            #expect(!harness.hasOutput("capture.memscope"))
            #expect(harness.run(["/bin/true"], options: ["--keep-capture"]).status == 0)
            #expect(harness.hasOutput("capture.memscope"))
            // What an earlier run has left is not taken for this one's.
            let killed = harness.run(["/bin/sh", "-c", "kill -9 $$"])
            #expect(killed.errors.contains("SIGKILL"))
            #expect(!harness.hasOutput("capture.memscope"))
        }

        @Test("Only the program leaves core")
        func core() throws {
            let answer = try harness.terminal("core")
            let run = try #require(answer["run"] as? [String: Any])
            #expect(run["exit"] as? Int == -11)
            #expect(run["dumped"] as? Bool == false)
        }
    }
}

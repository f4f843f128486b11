internal import Foundation
internal import Glibc
internal import Testing

extension RunTests {
    @Suite("Streams, arguments and environment are the program's own")
    struct RunStreamsTests {
        private let harness: RunHarness

        init() throws { harness = try RunHarness() }

        @Test("A megabyte of anything goes through cat unchanged")
        func binary() {
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            let bytes = Data(
                (0..<1_048_576).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 56)
                })
            let outcome = harness.run(["/bin/cat"], input: bytes)
            #expect(outcome.output == bytes)
            #expect(outcome.errors == "")
            #expect(outcome.status == 0)
        }

        @Test("Standard error stays apart and is the program's alone")
        func errors() {
            let outcome = harness.run(["/bin/sh", "-c", "echo out; echo err >&2"])
            #expect(outcome.text == "out\n")
            #expect(outcome.errors == "err\n")
        }

        @Test("Arguments arrive as they are: spaces, options of ours, dashes, nothing, bytes that are not UTF-8")
        func arguments() throws {
            let odd = ["a b", "--output", "x", "--", "-", "", "--follow", "'\"$", "ü\n"]
            let outcome = harness.run(["/usr/bin/printf", "[%s]"] + odd)
            #expect(outcome.text == odd.map { "[\($0)]" }.joined())
            let line = harness.commandLine().map { "'\($0)'" }.joined(separator: " ")
            let script = "\(line) /usr/bin/printf '[%s]' \"$(/usr/bin/printf 'a\\377b')\" c"
            let raw = RunHarness.execute("/bin/sh", ["-c", script], in: harness.directory)
            #expect(Array(raw.output) == Array("[a".utf8) + [0xFF] + Array("b][c]".utf8))
        }

        @Test("The name stays what was typed, also when it was looked up")
        func name() throws {
            let outcome = harness.run(["sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline"])
            #expect(outcome.text.hasPrefix("sh -c"))
        }

        @Test("The separator may be left out; what follows the program is still its own")
        func separator() {
            let options = ["run", "--library", RunHarness.library, "--output", harness.output]
            #expect(harness.memscope(options + ["/bin/echo", "--follow", "--", "x"]).text == "--follow -- x\n")
        }

        @Test("The library is told all it needs, and the program's own preloads follow")
        func environment() throws {
            let other = harness.directory.appendingPathComponent("other.so").path
            try FileManager.default.copyItem(atPath: RunHarness.library, toPath: other)
            let outcome = harness.run(
                ["/bin/sh", "-c", "echo $MY; exit 0"], options: ["--drop"],
                environment: ["MY": "own", "LD_PRELOAD": other])
            #expect(outcome.text == "own\n")
            // `memscope` itself has loaded the other one, before the program.
            let line = try #require(harness.logLines().first { $0.contains("main=1") && $0.contains("name=sh") })
            #expect(line.contains("mode=run "))
            #expect(line.contains("output=\(harness.output) "))
            #expect(line.contains("follow=- "))
            #expect(line.contains("pressure=drop "))
            #expect(line.contains("cli=\(RunHarness.memscope) "))
            #expect(line.hasSuffix("preload=\(RunHarness.library):\(other)"))
        }

        @Test("A relative output directory is one of the place where run began")
        func relativeOutput() throws {
            let line = ["run", "--library", RunHarness.library, "--output", "deep/er", "--keep-capture", "--"]
            let outcome = harness.memscope(line + ["/bin/sh", "-c", "cd /; exit 0"])
            #expect(outcome.status == 0)
            let capture = harness.directory.appendingPathComponent("deep/er/capture.memscope").path
            #expect(FileManager.default.fileExists(atPath: capture))
        }

        @Test("Children are followed only when asked")
        func follow() throws {
            let script = "/bin/ls / >/dev/null; exit 0"
            _ = harness.run(["/bin/sh", "-c", script], options: ["--keep-capture"])
            let own = ["capture.memscope", "report.html", "report.json"]
            #expect(try FileManager.default.contentsOfDirectory(atPath: harness.output).sorted() == own)
            let followed = harness.run(["/bin/sh", "-c", script], options: ["--keep-capture", "--follow"])
            #expect(followed.errors == "")
            let names = try FileManager.default.contentsOfDirectory(atPath: harness.output)
            #expect(names.count == own.count + 1)
            let child = try #require(names.first { $0.hasPrefix("ls-") })
            #expect(harness.hasOutput("\(child)/capture.memscope"))
            #expect(harness.logLines().contains { $0.contains("name=ls ") && $0.contains("follow=1") })
        }

        @Test("A run inside a run goes to a directory of its own, and both end as the program does")
        func nested() throws {
            let inner = harness.commandLine(["--keep-capture"])
            let outcome = harness.run(inner + ["/bin/sh", "-c", "exit 9"], options: ["--keep-capture"])
            #expect(outcome.status == 9)
            #expect(outcome.errors == "")
            let names = try FileManager.default.contentsOfDirectory(atPath: harness.output)
            #expect(names.count == 4)
            #expect(harness.hasOutput("capture.memscope"))
            let inside = try #require(names.first { $0.hasPrefix("run-") })
            #expect(harness.hasOutput("\(inside)/capture.memscope"))
            let mains = harness.logLines().filter { $0.contains("main=1") }
            #expect(mains.map { $0.contains("name=memscope ") } == [true, false])
        }
    }
}

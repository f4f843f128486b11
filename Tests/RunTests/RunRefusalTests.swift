internal import Foundation
internal import Glibc
internal import Testing

extension RunTests {
    @Suite("What cannot be run or tracked is refused in one line")
    struct RunRefusalTests {
        private let harness: RunHarness

        init() throws { harness = try RunHarness() }

        private func expectRefusal(_ outcome: RunHarness.Outcome, _ status: Int32, _ words: String) {
            #expect(outcome.status == status, "\(outcome.errors)")
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("memscope: "))
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(outcome.text == "")
            #expect(harness.logLines().isEmpty)
        }

        @Test("No program, an unknown option")
        func usage() {
            expectRefusal(harness.memscope(["run"]), 64, "no program given")
            expectRefusal(harness.memscope(["run", "--"]), 64, "no program given")
            expectRefusal(harness.memscope(["run", "--bogus", "--", "/bin/true"]), 64, "unknown option --bogus")
            expectRefusal(
                harness.memscope(["run", "--output", "", "--library", RunHarness.library, "/bin/true"]), 64, "empty")
        }

        @Test("Asked for help it helps")
        func help() {
            for flag in ["--help", "-h"] {
                let outcome = harness.memscope(["run", flag])
                #expect(outcome.status == 0 && outcome.text.contains("--error-exitcode"), "\(outcome.errors)")
            }
        }

        @Test("A program that is not there")
        func missing() throws {
            expectRefusal(harness.run(["/nowhere/program"]), 127, "/nowhere/program: No such file")
            expectRefusal(harness.run(["no-such-program-anywhere"]), 127, "not found in PATH")
            expectRefusal(harness.run([""]), 127, "empty")
            let file = try harness.write("file", "x")
            expectRefusal(harness.run([file + "/below"]), 127, "Not a directory")
        }

        @Test("A directory, a file without the right to execute, a file of no kind")
        func notExecutable() throws {
            expectRefusal(harness.run(["/"]), 126, "is a directory")
            expectRefusal(harness.run(["/dev/null"]), 126, "not a regular file")
            expectRefusal(harness.run([try harness.write("plain", "#!/bin/sh\n", mode: 0o644)]), 126, "not executable")
            expectRefusal(harness.run([try harness.write("text", "echo hello\n")]), 126, "neither an ELF program")
            expectRefusal(harness.run([try harness.write("empty", "")]), 126, "neither an ELF program")
        }

        @Test("Scripts are run by their interpreters, and refused for them")
        func scripts() throws {
            let good = try harness.write("good", "#!/bin/sh\nexit 8\n")
            let chained = try harness.write("chained", "#!\(good)\n")
            #expect(harness.run([good]).status == 8)
            #expect(harness.run([chained]).status == 8)
            try? FileManager.default.removeItem(atPath: harness.log)
            expectRefusal(
                harness.run([try harness.write("gone", "#!/nowhere/sh\n")]), 126,
                "interpreter cannot be run: /nowhere/sh")
            expectRefusal(harness.run([try harness.write("none", "#!\n")]), 126, "names no interpreter")
            let loop = harness.directory.appendingPathComponent("loop").path
            expectRefusal(harness.run([try harness.write("loop", "#!\(loop)\n")]), 126, "scripts without end")
            let file = ELFBytes(machine: ExecutableMachine.host, linker: nil)
            let fixed = harness.directory.appendingPathComponent("fixed").path
            try Data(file.bytes).write(to: URL(filePath: fixed))
            chmod(fixed, 0o755)
            expectRefusal(harness.run([try harness.write("by-fixed", "#!\(fixed)\n")]), 126, "statically linked")
        }

        @Test("Static, foreign, object and damaged files, and a linker that is not installed")
        func files() throws {
            let host = ExecutableMachine.host
            let cases: [(String, [UInt8], String)] = [
                ("static", ELFBytes(machine: host, linker: nil).bytes, "is statically linked"),
                ("foreign", ELFBytes(machine: host == 62 ? 183 : 62).bytes, "another architecture"),
                ("object", ELFBytes(machine: host, type: 1).bytes, "object or core file"),
                ("cut", Array(ELFBytes(machine: host).bytes.prefix(90)), "is damaged"),
                (
                    "unlinked", ELFBytes(machine: host, linker: "/nowhere/ld.so").bytes,
                    "/nowhere/ld.so is not installed"
                ),
            ]
            for (name, bytes, words) in cases {
                let path = harness.directory.appendingPathComponent(name).path
                try Data(bytes).write(to: URL(filePath: path))
                chmod(path, 0o755)
                expectRefusal(harness.run([path]), 126, words)
            }
        }

        @Test("A set-uid program of somebody else's", .enabled(if: getuid() == 0, "only root can make one"))
        func setUID() throws {
            let path = harness.directory.appendingPathComponent("set-uid").path
            try FileManager.default.copyItem(atPath: "/bin/true", toPath: path)
            #expect(chown(path, 1234, 0) == 0)
            #expect(chmod(path, 0o4755) == 0)
            expectRefusal(harness.run([path]), 126, "is set-uid")
            #expect(chown(path, 0, 1234) == 0)
            #expect(chmod(path, 0o2755) == 0)
            expectRefusal(harness.run([path]), 126, "is set-gid")
            // One's own gains nothing.
            #expect(chown(path, 0, 0) == 0)
            #expect(chmod(path, 0o6755) == 0)
            #expect(harness.run([path]).status == 0)
        }

        @Test("An output directory that cannot be written")
        func output() throws {
            let file = try harness.write("file", "x")
            let library = ["run", "--library", RunHarness.library, "--output"]
            expectRefusal(
                harness.memscope(library + [file, "--", "/bin/true"]), 73, "cannot write to the output directory")
            expectRefusal(harness.memscope(library + [file + "/sub", "--", "/bin/true"]), 73, "Not a directory")
            expectRefusal(harness.memscope(library + ["/proc/sub", "--", "/bin/true"]), 73, "cannot create")
        }

        @Test(
            "A full disk is noticed before the program starts", .enabled(if: getuid() == 0, "only root can mount one"))
        func fullDisk() throws {
            let place = harness.directory.appendingPathComponent("full").path
            let script = """
                mkdir '\(place)' && mount -t tmpfs -o size=32k none '\(place)' && exec "$0" "$@"
                """
            let line = [
                RunHarness.memscope, "run", "--library", RunHarness.library, "--output", place, "--", "/bin/true",
            ]
            let outcome = RunHarness.execute("/usr/bin/unshare", ["-m", "/bin/sh", "-c", script] + line)
            expectRefusal(outcome, 73, "No space left on device")
        }

        @Test("A library that is missing, of another kind, or at a place that LD_PRELOAD cannot name")
        func library() throws {
            let out = ["--output", harness.output, "--", "/bin/true"]
            expectRefusal(harness.memscope(["run", "--library", "/nowhere.so"] + out), 69, "is not at /nowhere.so")
            expectRefusal(harness.memscope(["run", "--library", "/bin/true"] + out), 69, "not a library")
            let spaced = harness.directory.appendingPathComponent("a b.so").path
            try FileManager.default.copyItem(atPath: RunHarness.library, toPath: spaced)
            expectRefusal(harness.memscope(["run", "--library", spaced] + out), 69, "LD_PRELOAD cannot name")
        }

        @Test("The library is found beside the executable and in ../lib")
        func places() throws {
            let tree = harness.directory.appendingPathComponent("tree")
            for name in ["bin", "lib"] {
                let folder = tree.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let memscope = tree.appendingPathComponent("bin/memscope").path
            try FileManager.default.copyItem(atPath: RunHarness.memscope, toPath: memscope)
            let line = ["run", "--output", harness.output, "--", "/bin/sh", "-c", "echo $LD_PRELOAD"]
            func run() -> RunHarness.Outcome { RunHarness.execute(memscope, line, in: harness.directory) }
            expectRefusal(run(), 69, "is not at")
            let low = tree.appendingPathComponent("lib/libMemScopePreload.so")
            try FileManager.default.copyItem(atPath: RunHarness.library, toPath: low.path)
            #expect(run().text == low.resolvingSymlinksInPath().path + "\n")
            let near = tree.appendingPathComponent("bin/libMemScopePreload.so")
            try FileManager.default.copyItem(atPath: RunHarness.library, toPath: near.path)
            #expect(run().text == near.resolvingSymlinksInPath().path + "\n")
        }
    }
}

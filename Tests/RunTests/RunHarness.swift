internal import Foundation
internal import Glibc
internal import Testing

/// Runs the built `memscope` with a stand-in for the preload library, in a directory of its own.
final class RunHarness {
    /// What a command came to.
    struct Outcome {
        var output = Data()
        var errors = ""
        var status: Int32 = 0
        var signal: Int32 = 0

        /// Standard output as text.
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// A directory that goes when the harness goes.
    let directory: URL
    /// Where reports go unless a test says otherwise.
    var output: String { directory.appendingPathComponent("out").path }
    /// Where the stand-in notes who loaded it.
    var log: String { directory.appendingPathComponent("log").path }

    /// The folder with the programs and scripts of these tests.
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Run")
    /// The executable that was built beside the tests.
    static let memscope = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("memscope").path
    /// The stand-in, built once.
    static let library: String = {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("memscope-standin-\(getpid())")
        try? FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let library = place.appendingPathComponent("libMemScopePreload.so").path
        let source = fixtures.appendingPathComponent("standin.c").path
        let built = RunHarness.execute("/usr/bin/env", ["clang", "-O1", "-shared", "-fPIC", "-o", library, source])
        precondition(built.status == 0, "cannot build the stand-in: \(built.errors)")
        return library
    }()

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("memscope-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// The command line of `memscope run` up to and including `--`.
    func commandLine(_ options: [String] = []) -> [String] {
        [Self.memscope, "run", "--library", Self.library, "--output", output] + options + ["--"]
    }

    /// Runs `program` under `memscope run`.
    func run(
        _ program: [String], options: [String] = [], input: Data? = nil, environment: [String: String] = [:]
    ) -> Outcome {
        let line = commandLine(options) + program
        return Self.execute(
            line[0], Array(line.dropFirst()), input: input, environment: all(environment), in: directory)
    }

    /// Runs `memscope` with exactly these arguments.
    func memscope(_ arguments: [String], environment: [String: String] = [:]) -> Outcome {
        Self.execute(Self.memscope, arguments, environment: all(environment), in: directory)
    }

    /// Runs a scenario of `terminal.py` and returns its answer.
    func terminal(_ scenario: String) throws -> [String: Any] {
        let script = Self.fixtures.appendingPathComponent("terminal.py").path
        let outcome = Self.execute(
            "/usr/bin/env", ["python3", script, scenario] + commandLine(), environment: all([:]), in: directory)
        let answer = try? JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
        return try #require(answer, "\(outcome.errors)")
    }

    /// The lines that processes which loaded the stand-in have written.
    func logLines() -> [String] {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map(String.init)
    }

    /// Whether there is a file at this path below the output directory.
    func hasOutput(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(output)/\(name)")
    }

    /// Writes a file into the directory and returns its path.
    func write(_ name: String, _ text: String, mode: Int = 0o755) throws -> String {
        let path = directory.appendingPathComponent(name).path
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func all(_ more: [String: String]) -> [String: String] {
        ProcessInfo.processInfo.environment.merging(["STANDIN_LOG": log]) { $1 }.merging(more) { $1 }
    }

    /// Runs a program to its end, with its streams in files so that nothing can fill up.
    /// `meanwhile` is called once with the process id while it runs.
    static func execute(
        _ path: String, _ arguments: [String], input: Data? = nil, environment: [String: String]? = nil,
        in directory: URL? = nil, meanwhile: (pid_t) -> Void = { _ in }
    ) -> Outcome {
        let streams = FileManager.default.temporaryDirectory.appendingPathComponent("streams-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: streams) }
        let files = ["in", "out", "err"].map { streams.appendingPathComponent($0) }
        try? (input ?? Data()).write(to: files[0])
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
        var outcome = Outcome()
        let place = directory?.path ?? "/"
        let line = [path] + arguments
        guard let process = SpawnedProcess(line, environment: variables, directory: place, streams: files.map(\.path))
        else {
            outcome.status = -1
            return outcome
        }
        meanwhile(process.pid)
        (outcome.status, outcome.signal) = process.wait()
        outcome.output = (try? Data(contentsOf: files[1])) ?? Data()
        outcome.errors = (try? String(decoding: Data(contentsOf: files[2]), as: UTF8.self)) ?? ""
        return outcome
    }
}

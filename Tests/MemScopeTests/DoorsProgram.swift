internal import Foundation
internal import Testing

/// Runs the program that links the library, in a directory of its own.
///
/// `MEMSCOPE_DOORS` names another build of it, such as an optimised one.
final class DoorsProgram {
    /// What a run came to.
    struct Outcome {
        var lines: [String] = []
        var errors = ""
        var status: Int32 = 0
        var isKilled = false
    }

    /// Where the program runs. Goes when this object goes.
    let directory: URL
    /// The folder of what was built.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    /// The program itself.
    static let path =
        ProcessInfo.processInfo.environment["MEMSCOPE_DOORS"] ?? products.appendingPathComponent("doors").path

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("memscope-doors-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// Runs the program to its end, or until it has run for `seconds`; then it is killed.
    func run(
        _ arguments: [String], environment: [String: String] = [:], under wrapper: [String] = [], seconds: Int? = nil
    ) throws -> Outcome {
        let limit = seconds.map { ["timeout", "-s", "KILL", "\($0)"] } ?? []
        return try Self.execute(limit + wrapper + [Self.path] + arguments, environment: environment, in: directory)
    }

    /// The report that a run left in `place`, a path below the directory.
    func report(_ place: String) throws -> DoorsReport {
        try DoorsReport(directory.appendingPathComponent(place).appendingPathComponent("report.json"))
    }

    /// The names of the files in `place`.
    func files(_ place: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent(place).path)
        return (names ?? []).sorted()
    }

    /// Runs a command with its streams in files.
    static func execute(
        _ line: [String], environment: [String: String] = [:], in directory: URL
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = line
        process.currentDirectoryURL = directory
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MEMSCOPE") }
        process.environment = inherited.merging(environment) { $1 }
        let streams = ["out", "err"].map { directory.appendingPathComponent(".stream-\($0)-\(UUID().uuidString)") }
        for stream in streams { try Data().write(to: stream) }
        process.standardOutput = try FileHandle(forWritingTo: streams[0])
        process.standardError = try FileHandle(forWritingTo: streams[1])
        try process.run()
        process.waitUntilExit()
        let texts = try streams.map { try String(decoding: Data(contentsOf: $0), as: UTF8.self) }
        for stream in streams { try FileManager.default.removeItem(at: stream) }
        return Outcome(
            lines: texts[0].split(separator: "\n").map(String.init), errors: texts[1],
            status: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal)
    }
}

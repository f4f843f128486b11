import Foundation

/// A program of the toolchain or the system that tests run.
enum Tool {
    /// The full path of a program on `PATH`, or nil.
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program and returns its standard output; throws when it fails.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], input: String = "") throws -> String {
        guard let path = find(name) else { throw ToolError(description: "\(name) is not on PATH") }
        let folder = FileManager.default.temporaryDirectory
        let inputFile = folder.appendingPathComponent(UUID().uuidString)
        let outputFile = folder.appendingPathComponent(UUID().uuidString)
        defer {
            try? FileManager.default.removeItem(at: inputFile)
            try? FileManager.default.removeItem(at: outputFile)
        }
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ToolError(description: "\(name) \(arguments.joined(separator: " ")) failed")
        }
        return try String(decoding: Data(contentsOf: outputFile), as: UTF8.self)
    }
}

/// Why a program could not be run.
struct ToolError: Error, CustomStringConvertible {
    var description: String
}

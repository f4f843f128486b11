internal import FoundationEssentials
internal import MemScopeModel
internal import MemScopeReport

/// Captures from files: one is read as it is, of a report the one that it was rendered from, which must lie beside it.
enum CaptureSource {
    private static let remedy =
        "run with --ownership-graph and --keep-capture, which leaves the capture beside the report, and give either"

    /// The file name that `memscope run --keep-capture` gives a capture.
    private static let name = "capture.memscope"

    /// Decodes a capture.
    /// - Parameter path: The path of a capture, of a report, or of the directory that has both.
    /// - Returns: What it says.
    /// - Throws: An error that says in one line what is missing.
    static func load(_ path: String) throws -> HeapSnapshot {
        var isDirectory = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory {
            return try load(URL(filePath: path).appending(path: "report.json").path)
        }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            return try CaptureDecoder.decode(path: path)
        }
        guard data.withUnsafeBytes({ CaptureDecoder.looksLikeCapture($0) }) else {
            return try capture(of: SavedReport.decode(data, path: path), at: path)
        }
        let result = data.withUnsafeBytes { bytes in
            Result { () throws(CaptureError) in try CaptureDecoder.decode(bytes) }
        }
        return try result.get()
    }

    private static func capture(of report: Report, at path: String) throws -> HeapSnapshot {
        let place = URL(filePath: path).deletingLastPathComponent().appending(path: name).path
        guard FileManager.default.fileExists(atPath: place) else {
            throw CommandError(
                what: "\(path) is a report and has no graph",
                why: "the capture that it was rendered from is not beside it", remedy: remedy)
        }
        let snapshot = try CaptureDecoder.decode(path: place)
        guard report.isRendered(from: snapshot) else {
            throw CommandError(
                what: "\(path) is a report and has no graph",
                why: "\(place) beside it is not what it was rendered from",
                remedy: remedy)
        }
        return snapshot
    }
}

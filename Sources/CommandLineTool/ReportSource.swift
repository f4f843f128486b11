internal import FoundationEssentials
internal import MemScopeModel
internal import MemScopeReport
internal import MemScopeSymbols

/// Reports from files: captures are rendered, saved reports are read.
enum ReportSource {
    /// Loads a capture or a saved report, whichever the file turns out to be.
    static func load(_ path: String, options: ReportOptions = ReportOptions()) throws -> Report {
        var known = KnownLeaks()
        return try load(path, options: options, knownLeaks: &known)
    }

    /// As ``load(_:options:)``; of a capture, with which leaks are new.
    static func load(_ path: String, options: ReportOptions, knownLeaks: inout KnownLeaks) throws -> Report {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch let error as CocoaError {
            throw CommandError(
                what: "cannot read \(path)", why: reason(error), remedy: "check the path and its permissions")
        }
        guard data.withUnsafeBytes({ CaptureDecoder.looksLikeCapture($0) }) else {
            return try SavedReport.decode(data, path: path)
        }
        let result = data.withUnsafeBytes { bytes in
            Result { () throws(CaptureError) in try CaptureDecoder.decode(bytes) }
        }
        let snapshot: HeapSnapshot
        do {
            snapshot = try result.get()
        } catch {
            throw CommandError(what: "cannot read \(path)", why: error.why, remedy: error.remedy)
        }
        let names = SnapshotNames(of: snapshot, by: FileSymbolicator())
        return ReportBuilder.build(snapshot, names: names, options: options, knownLeaks: &knownLeaks)
    }

    private static func reason(_ error: CocoaError) -> String {
        switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "permission denied"
        default: "it is not a readable file"
        }
    }
}

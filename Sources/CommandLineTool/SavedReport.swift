internal import FoundationEssentials
internal import MemScopeReport

/// Reads `report.json`. Lives with the command, so that programs that link MemScope need not carry a JSON reader.
enum SavedReport {
    /// What every version of a report has.
    private struct Version: Decodable {
        var schemaVersion: Int
    }

    static func decode(_ data: Data, path: String) throws(CommandError) -> Report {
        func failure(_ why: String, _ remedy: String) -> CommandError {
            CommandError(what: "cannot read \(path)", why: why, remedy: remedy)
        }
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Version.self, from: data) else {
            throw failure(
                "it is neither a capture nor a report.json",
                "give a capture written by a tracked process, or a saved report.json")
        }
        guard version.schemaVersion == Report.currentSchemaVersion else {
            throw failure(
                "it has version \(version.schemaVersion) of the report, and this tool reads version "
                    + "\(Report.currentSchemaVersion)",
                version.schemaVersion > Report.currentSchemaVersion
                    ? "update MemScope" : "render it with the MemScope that wrote it")
        }
        let report: Report
        do {
            report = try decoder.decode(Report.self, from: data)
        } catch {
            throw failure("it is damaged: \(text(error))", "render it again from the capture, or record it again")
        }
        if let contradiction = report.contradiction {
            throw failure("it is damaged: \(contradiction)", "render it again from the capture, or record it again")
        }
        return report
    }

    /// A decoding error in a few words, on one line.
    private static func text(_ error: any Error) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            return "\(key.stringValue) is missing in \(context.codingPath.isEmpty ? "the report" : path(context))"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            return "\(context.codingPath.isEmpty ? "the text" : path(context)) is not what it should be"
        default:
            return "it cannot be decoded"
        }
    }
}

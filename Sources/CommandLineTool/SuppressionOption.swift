internal import ArgumentParser
internal import FoundationEssentials
internal import MemScopeReport

/// `--suppressions`, for every command that may report leaks.
struct SuppressionOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Leaks to leave out: a file with a line leak:PATTERN for each, as LeakSanitizer reads it.",
            valueName: "file"))
    var suppressions: String?

    /// The suppressions of the file; none without one.
    func read() throws -> LeakSuppressions {
        guard let path = suppressions else { return LeakSuppressions() }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw CommandError(
                what: "cannot read \(path)", why: "it is not a readable file",
                remedy: "check the path and its permissions")
        }
        return try LeakSuppressions(String(decoding: data, as: UTF8.self), of: path)
    }
}

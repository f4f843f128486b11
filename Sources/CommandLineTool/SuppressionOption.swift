internal import ArgumentParser
internal import FoundationEssentials
internal import MemScopeReport

/// `--suppressions` and its kin, for every command that may report leaks.
struct SuppressionOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Leaks to leave out: a file with a line leak:PATTERN for each, as LeakSanitizer reads it. MEMSCOPE_SUPPRESSIONS names "
                + "one as well.",
            valueName: "file"))
    var suppressions: String?

    @Flag(
        help: ArgumentHelp(
            "Do not leave out what libraries are known to leak. Nor with MEMSCOPE_BUILTIN_SUPPRESSIONS=0 in the environment."
        ))
    var noBuiltinSuppressions = false

    /// The file, by option or environment.
    var path: String? {
        suppressions ?? ProcessInfo.processInfo.environment["MEMSCOPE_SUPPRESSIONS"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether what libraries are known to leak is left out.
    var usesBuiltIn: Bool {
        !noBuiltinSuppressions && ProcessInfo.processInfo.environment["MEMSCOPE_BUILTIN_SUPPRESSIONS"] != "0"
    }

    /// The report's options, with the suppressions of the file.
    func options() throws -> ReportOptions {
        var options = ReportOptions()
        options.usesBuiltInSuppressions = usesBuiltIn
        guard let path else { return options }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw CommandError(
                what: "cannot read \(path)", why: "it is not a readable file",
                remedy: "check the path and its permissions")
        }
        options.suppressions = try LeakSuppressions(String(decoding: data, as: UTF8.self), of: path)
        return options
    }
}

internal import ArgumentParser
internal import MemScopeAnalysis
internal import MemScopeReport

/// `memscope report`: renders a capture, or a saved report once more.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Render a capture file, or render a saved report.json again.",
        discussion: "Writes report.json and report.html."
    )

    @Option(name: .shortAndLong, help: "The directory to write to; made if it is not there.")
    var output = "memscope-report"

    @Option(
        help: ArgumentHelp(
            "What the account of ownership is about, with the graph in the capture: a part of a type's name, or scope:NAME.",
            valueName: "selection"))
    var ownership: String?

    @OptionGroup var suppression: SuppressionOption
    @OptionGroup var sources: SourcesOption

    @Option(help: .hidden)
    var knownLeaks: String?

    @Argument(help: "A capture file or a report.json.")
    var file: String

    func run() throws {
        var options = try suppression.options()
        if let ownership { options.ownership = OwnershipSelection(ownership) }
        var known = KnownLeaksFile(path: knownLeaks)
        let report = try ReportSource.load(file, options: options, knownLeaks: &known.leaks)
        var writer = ReportWriter(directory: output)
        writer.page = sources.page(of: report)
        try writer.write(report)
        known.save()
        if let sentence = complaint(about: report) { StandardError.say(sentence) }
    }

    /// Why the account of ownership is not about what was asked for.
    private func complaint(about report: Report) -> String? {
        guard let ownership else { return nil }
        if let found = report.ownership, found.selection != OwnershipSelection(ownership).text {
            return "A saved report keeps its account of ownership, which is about \(found.selection): give the capture."
        }
        return report.notCollected["ownership"]
    }
}

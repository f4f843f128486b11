internal import ArgumentParser
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

    @OptionGroup var suppression: SuppressionOption
    @OptionGroup var sources: SourcesOption

    @Argument(help: "A capture file or a report.json.")
    var file: String

    func run() throws {
        var options = ReportOptions()
        options.suppressions = try suppression.read()
        let report = try ReportSource.load(file, options: options)
        var writer = ReportWriter(directory: output)
        writer.page = sources.page(of: report)
        try writer.write(report)
    }
}

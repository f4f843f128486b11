internal import ArgumentParser
internal import MemScopeReport

/// `memscope diff`: one page that shows what changed from one report to another.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two captures or reports in one page.",
        discussion: "Writes report.html: the new report's page, and with it what grew and shrank against the old one."
    )

    @Option(name: .shortAndLong, help: "The directory to write to; made if it is not there.")
    var output = "memscope-diff"

    @OptionGroup var suppression: SuppressionOption
    @OptionGroup var sources: SourcesOption

    @Argument(help: "The capture file or report.json from before.")
    var old: String

    @Argument(help: "The capture file or report.json from after.")
    var new: String

    func run() throws {
        let options = try suppression.options()
        let before = try ReportSource.load(old, options: options)
        let after = try ReportSource.load(new, options: options)
        var format = sources.page(of: after)
        format.base = before
        let writer = try ReportWriter(preparing: output)
        try ReportWriter.write(format.render(after), to: "\(writer.directory)/report.html")
    }
}

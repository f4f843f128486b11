internal import ArgumentParser
internal import MemScopeReport

/// `memscope export`: one file in another format.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a capture or a saved report in another format."
    )

    /// What can be written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case collapsed, json, html
    }

    @Option(name: .shortAndLong, help: "The format.")
    var format: Format

    @Option(name: .shortAndLong, help: "The figure that collapsed stacks carry.")
    var metric: Report.StackMetric?

    @Option(name: .shortAndLong, help: "The file to write, instead of standard output.")
    var output: String?

    @Argument(help: "A capture file or a report.json.")
    var file: String

    func validate() throws {
        guard metric == nil || format == .collapsed else {
            throw ValidationError("--metric goes with --format collapsed only.")
        }
    }

    func run() throws {
        // Collapsed stacks are for tools that draw any number of them, so they get all there are.
        let options = format == .collapsed ? ReportOptions.wholeTree : ReportOptions()
        let report = try ReportSource.load(file, options: options)
        let renderer: any ReportFormat =
            switch format {
            case .collapsed: CollapsedFormat(metric: metric ?? .liveBytes)
            case .json: JSONFormat()
            case .html: HTMLFormat()
            }
        let bytes = try renderer.render(report)
        if let output {
            try ReportWriter.write(bytes, to: output)
        } else {
            try StandardOutput.write(bytes)
        }
    }
}

extension Report.StackMetric: ExpressibleByArgument {}

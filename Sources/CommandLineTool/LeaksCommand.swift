internal import ArgumentParser
internal import MemScopeReport

/// `memscope leaks`: what leaked, as text.
struct LeaksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leaks",
        abstract: "Print the leaks and cycles of a capture file or a saved report.",
        discussion: """
            Ends with status 1 if anything leaked, with 2 if leaks were not looked for. Objects that are dead and that unowned references \
            keep from being freed are listed, and are no leaks.
            """
    )

    @Option(help: "How many rows of leaks, and how many cycles, are printed at most.")
    var limit = 20

    @OptionGroup var suppression: SuppressionOption

    @Argument(help: "A capture file or a report.json.")
    var file: String

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        let report = try ReportSource.load(file, options: suppression.options())
        guard let summary = report.leakSummary else {
            print(report.notCollected["leaks"] ?? "Leaks were not looked for.")
            throw ExitCode(2)
        }
        summary.forEach { print($0) }
        for group in report.leaks.groups.prefix(limit) {
            print(Self.line(group))
            RetainedText.lines(group.retained).forEach { print($0) }
        }
        if report.leaks.groups.count > limit { print("… and \(report.leaks.groups.count - limit) more rows") }
        for (number, cycle) in report.cycles.prefix(limit).enumerated() {
            print(
                "\nCycle \(number + 1): \(cycle.instances)\(Self.news(cycle.newInstances)) of \(cycle.members.count) objects, "
                    + "\(cycle.retainedBytes) bytes kept")
            Self.lines(cycle.members, cycle.edges, cut: cycle.suggestedEdge, cycle.suggestion).forEach { print($0) }
            RetainedText.lines(cycle.retained).forEach { print($0) }
            for way in cycle.further {
                print("  They hold each other besides, so that has to be cut as well:")
                Self.lines(way.members, way.edges, cut: way.suggestedEdge, way.suggestion).forEach { print($0) }
            }
        }
        if report.cycles.count > limit { print("\n… and \(report.cycles.count - limit) more shapes of cycles") }
        if let blocks = report.leaks.blocks, blocks > 0 { throw ExitCode(1) }
    }

    private static func line(_ group: Report.Leaks.Group) -> String {
        "\(group.category): \(group.blocks)\(news(group.newBlocks)) × \(group.type), \(group.bytes) bytes, keep \(group.retainedBytes); allocated in "
            + "\(Report.Frame(function: group.function, file: group.file, line: group.line).place), e.g. \(group.address)"
    }

    /// How many of a row are new, where that is known.
    private static func news(_ count: UInt64?) -> String { count.map { " (\($0) new)" } ?? "" }

    private static func lines(
        _ members: [Report.Cycle.Member], _ edges: [Report.Cycle.Edge], cut: Int, _ suggestion: String
    ) -> [String] {
        let references = Report.Cycle.references(members, edges)
        let steps = members.indices.map { index in
            let member = members[index]
            let mark = index == cut ? "  <- make this weak (inferred)" : ""
            return "  \(references[index]) -> \(members[(index + 1) % members.count].type)   "
                + "[\(Report.Frame(function: member.function, file: member.file, line: member.line).place)]\(mark)"
        }
        return steps + (suggestion.isEmpty ? [] : ["  \(suggestion)"])
    }
}

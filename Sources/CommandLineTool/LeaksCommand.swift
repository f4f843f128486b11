internal import ArgumentParser
internal import MemScopeReport

/// `memscope leaks`: what leaked, as text.
struct LeaksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leaks",
        abstract: "Print the leaks and cycles of a capture file or a saved report.",
        discussion: "Ends with status 1 if there are any, with 2 if leaks were not looked for."
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
        guard let blocks = report.leaks.blocks, let bytes = report.leaks.bytes else {
            print(report.notCollected["leaks"] ?? "Leaks were not looked for.")
            throw ExitCode(2)
        }
        let dead = report.leaks.groups.filter { $0.category == "dead" }
        print(blocks == 0 ? "Nothing leaked." : "\(blocks) blocks of \(bytes) bytes leaked.")
        for group in report.leaks.groups.prefix(limit) { print(Self.line(group)) }
        if report.leaks.groups.count > limit { print("… and \(report.leaks.groups.count - limit) more rows") }
        for (number, cycle) in report.cycles.prefix(limit).enumerated() {
            print(
                "\nCycle \(number + 1): \(cycle.instances) of \(cycle.members.count) objects, \(cycle.retainedBytes) bytes kept"
            )
            Self.lines(cycle).forEach { print($0) }
        }
        if report.cycles.count > limit { print("\n… and \(report.cycles.count - limit) more shapes of cycles") }
        if blocks > 0 || !dead.isEmpty { throw ExitCode(1) }
    }

    private static func line(_ group: Report.Leaks.Group) -> String {
        "\(group.category): \(group.blocks) × \(group.type), \(group.bytes) bytes, keep \(group.retainedBytes); allocated in "
            + "\(Report.Frame(function: group.function, file: group.file, line: group.line).place), e.g. \(group.address)"
    }

    private static func lines(_ cycle: Report.Cycle) -> [String] {
        let steps = cycle.members.indices.map { index in
            let member = cycle.members[index]
            let next = cycle.members[(index + 1) % cycle.members.count]
            let mark = index == cycle.suggestedEdge ? "  <- make this weak (inferred)" : ""
            return "  \(member.type).\(cycle.edges[index].field) -> \(next.type)   "
                + "[\(Report.Frame(function: member.function, file: member.file, line: member.line).place)]\(mark)"
        }
        return steps + (cycle.suggestion.isEmpty ? [] : ["  \(cycle.suggestion)"])
    }
}

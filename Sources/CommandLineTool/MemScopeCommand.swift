internal import ArgumentParser

/// The `memscope` command. Each subcommand has a file, or a folder, of its own.
@main
struct MemScopeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memscope",
        abstract: "Shows what a program allocates, where, and what it keeps.",
        subcommands: [
            RunCommand.self, ViewCommand.self, ReportCommand.self, DiffCommand.self, LeaksCommand.self, WhyCommand.self,
            ExportCommand.self,
        ]
    )
}

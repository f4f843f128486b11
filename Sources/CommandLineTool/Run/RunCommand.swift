internal import ArgumentParser
#if os(Linux)
    internal import Glibc
#endif

/// `memscope run`: runs a program with the tracker preloaded, and renders its report.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a program with the tracker preloaded, and render its report.",
        discussion: """
            The program's input, output and exit status stay its own. Options of memscope come before the program; \
            everything after its name belongs to it.
            """
    )

    @Option(help: ArgumentHelp("Where captures and reports go.", valueName: "dir"))
    var output = "memscope-report"

    @Flag(help: "Track the programs that it starts, too, each into a directory of its own.")
    var follow = false

    @Flag(help: "Drop events, and count them, rather than let the program wait for the tracker.")
    var drop = false

    @Flag(help: "Keep the capture beside the report.")
    var keepCapture = false

    @Flag(help: "Look at which module frees what another one allocated.")
    var custody = false

    @Flag(help: "Look for leaks when the program ends, and in each report of the running program.")
    var leaks = false

    @Flag(
        help: "Capture all references between live blocks: who owns what, and what is shared. Includes --leaks.")
    var ownershipGraph = false

    @Option(
        help: ArgumentHelp(
            "With --leaks: the exit status if anything leaked, 1 to 255. Where nothing could be looked for, status 0 becomes 70. A signal "
                + "that ends the program still ends it.", valueName: "status"))
    var errorExitcode: UInt8?

    @Option(
        help: ArgumentHelp(
            "Record who retains and releases: all, sampled:N, types:NAME,... or scopes:NAME,...", valueName: "selection"
        ))
    var ownership: String?

    @OptionGroup var suppression: SuppressionOption
    @OptionGroup var sources: SourcesOption

    @Option(help: ArgumentHelp("The preload library, when it is not beside memscope or in ../lib.", valueName: "path"))
    var library: String?

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var command: [String] = []

    func run() throws {
        // What follows is the program's; what stands where the program should be is ours.
        if let first = command.first, first == "--help" || first == "-h" { throw CleanExit.helpRequest(self) }
        #if os(Linux)
            do throws(RunError) {
                let ending = try TrackedRun(self).execute()
                ending.reproduce()
            } catch {
                report(error.description)
                throw ExitCode(error.status.rawValue)
            }
        #else
            throw ValidationError("memscope run needs Linux")
        #endif
    }
}

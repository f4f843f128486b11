#if os(Linux)
    internal import Glibc
    internal import MemScopeModel
    internal import MemScopeReport

    /// One execution of `memscope run`, from the checks to the report.
    struct TrackedRun {
        private let program: ProgramFile
        private let arguments: [[CChar]]
        private let environment: TrackingEnvironment
        private let output: OutputDirectory
        private let keepsCapture: Bool
        private let name: String
        private let looksForLeaks: Bool
        private let leakStatus: UInt8?
        private let reportOptions: ReportOptions
        private let sources: SourcesOption

        /// Checks everything that can be checked before the program starts.
        ///
        /// - Throws: ``RunError`` for the first thing that is not in order.
        init(_ options: RunCommand) throws(RunError) {
            let command = options.command.first == "--" ? Array(options.command.dropFirst()) : options.command
            guard let name = command.first else {
                throw RunError(.usage, "no program given; usage: memscope run [options] -- PROGRAM ARGUMENTS")
            }
            if options.command.first != "--", name.hasPrefix("-") {
                throw RunError(.usage, "unknown option \(name); see memscope run --help")
            }
            self.name = name
            keepsCapture = options.keepCapture
            looksForLeaks = options.leaks || options.ownershipGraph
            leakStatus = options.errorExitcode
            if let selection = options.ownership, !TrackingEnvironment.isSelection(selection) {
                throw RunError(
                    .usage, "--ownership must be all, sampled:N, types:NAME,... or scopes:NAME,..., not \(selection)")
            }
            sources = options.sources
            if let leakStatus {
                if leakStatus == 0 { throw RunError(.usage, "--error-exitcode must be 1 to 255, not 0") }
                if !looksForLeaks { throw RunError(.usage, "--error-exitcode needs --leaks") }
            }
            do {
                reportOptions = try options.suppression.options()
            } catch {
                throw RunError(.usage, "\(error)")
            }
            arguments = Self.rawArguments(command)
            var environment = TrackingEnvironment.current
            let executable = try Self.ownExecutable()
            program = try ProgramFile(named: name, searchPath: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
            let library = try PreloadLibrary(given: options.library, executable: executable)
            var directory = try Self.absolute(options.output)
            // A run inside a tracked run would otherwise write over the report of the outer one.
            if environment.isTracked(into: directory) { directory += "/run-\(getpid())" }
            output = try OutputDirectory(creating: directory)
            environment.preload(library.path)
            environment.configure(
                output: directory, follow: options.follow, backPressure: options.drop ? .drop : .wait,
                leaks: options.leaks, graph: options.ownershipGraph, custody: options.custody,
                ownership: options.ownership, executable: executable)
            environment.configure(
                leakStatus: options.errorExitcode, suppressions: try options.suppression.path.map(Self.absolute),
                usesBuiltIn: options.suppression.usesBuiltIn)
            self.environment = environment
        }

        /// Runs the program and renders what it left.
        ///
        /// Problems after the program's start are told on standard error and change nothing about how we end, unless leaks decide about that.
        func execute() throws(RunError) -> ProgramEnding {
            let child = try ChildProcess(path: program.path, arguments: arguments, environment: environment)
            let ending = child.waitUntilEnd()
            let captures = output.directoriesWithCaptures()
            let isMissing = captures.first != output.path
            if isMissing { report(missingCapture(ending)) }
            var verdict = isMissing ? LeakVerdict.unknown : .clean
            for directory in captures { verdict = max(verdict, render(directory)) }
            guard let leakStatus else { return ending }
            return verdict.ending(of: ending, leakStatus: leakStatus)
        }

        /// Renders what one process left.
        private func render(_ directory: String) -> LeakVerdict {
            let capture = "\(directory)/\(OutputDirectory.captureName)"
            let (rendered, leakScan): (Report, LeakScan)
            do {
                (rendered, leakScan) = try renderCapture(
                    at: capture, into: directory, options: reportOptions, page: sources.page(of:))
            } catch {
                report("cannot render \(capture), which is kept: \(error)")
                return .unknown
            }
            if !keepsCapture { unlink(capture) }
            // Where nobody is looking, standard error belongs to the program alone, unless somebody asked a question.
            if looksForLeaks {
                report(sentence(on: rendered, directory))
            } else if isatty(STDERR_FILENO) == 1 {
                report("wrote \(directory)/report.html")
            }
            return LeakVerdict(leakScan, blocks: rendered.leaks.blocks ?? 0)
        }

        private func sentence(on rendered: Report, _ directory: String) -> String {
            guard let blocks = rendered.leaks.blocks, let bytes = rendered.leaks.bytes else {
                let reason = rendered.notCollected["leaks"] ?? ""
                return "leaks were not looked for at the end; see \(directory)/report.html. \(reason)"
            }
            let dead = rendered.leaks.deadBlocks > 0 ? "; \(rendered.leaks.deadText)" : ""
            if blocks == 0 { return "nothing leaked\(dead); see \(directory)/report.html" }
            return "\(blocks) block\(blocks == 1 ? "" : "s") of \(bytes) bytes leaked\(dead); "
                + "see \(directory)/report.html or memscope leaks \(directory)/report.json"
        }

        private func missingCapture(_ ending: ProgramEnding) -> String {
            let export = output.newestExport().map { "the newest periodic export is \($0)" }
            if ending == .signalled(SIGKILL) {
                let rest =
                    export ?? "there is no periodic export (MEMSCOPE_EXPORT_EVERY=10m makes one every ten minutes)"
                return "\(name) was killed by SIGKILL and could not write its capture; \(rest)"
            }
            let reason =
                "the library was not loaded or stepped aside, or the program became another one that cannot be tracked"
            return "\(name) \(ending.sentence) and left no capture: \(export ?? reason)"
        }

        /// The bytes of the program's arguments as we got them: a `String` may have lost those that are not UTF-8.
        private static func rawArguments(_ command: [String]) -> [[CChar]] {
            let first = Int(CommandLine.argc) - command.count
            return command.indices.map { index in
                guard first > 0, let raw = CommandLine.unsafeArgv[first + index], String(cString: raw) == command[index]
                else { return Array(command[index].utf8CString) }
                return Array(UnsafeBufferPointer(start: raw, count: strlen(raw) + 1))
            }
        }

        private static func ownExecutable() throws(RunError) -> String {
            guard let path = realpath("/proc/self/exe", nil) else {
                throw RunError(.unavailable, "cannot find my own executable: /proc/self/exe: \(describe(errno))")
            }
            defer { free(path) }
            return String(cString: path)
        }

        /// `path` as seen from the root, since the program may change its directory.
        private static func absolute(_ path: String) throws(RunError) -> String {
            if path.hasPrefix("/") { return path }
            guard !path.isEmpty else { throw RunError(.usage, "--output is empty") }
            guard let current = getcwd(nil, 0) else {
                throw RunError(.cannotCreate, "the current directory cannot be named: \(describe(errno))")
            }
            defer { free(current) }
            return "\(String(cString: current))/\(path)"
        }
    }

    /// Writes one line for the user to standard error.
    func report(_ sentence: String) {
        let line = "memscope: \(sentence.split(separator: "\n").joined(separator: " "))\n"
        _ = line.utf8CString.withUnsafeBufferPointer { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
    }
#endif

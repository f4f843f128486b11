/// Why `memscope run` could not do its work: one sentence that says what happened, why, and what to do.
struct RunError: Error, Equatable, CustomStringConvertible {
    /// The exit statuses that `memscope run` itself produces. 126 and 127 are those of the shells.
    enum Status: Int32 {
        /// The command line makes no sense.
        case usage = 64
        /// A part of MemScope itself is missing.
        case unavailable = 69
        /// Leaks were to decide about the exit status, and were not looked for.
        case notSearched = 70
        /// The output directory cannot be written.
        case cannotCreate = 73
        /// The program was found and cannot be run, or could not be tracked.
        case cannotExecute = 126
        /// There is no such program.
        case notFound = 127
    }

    /// The status to exit with.
    let status: Status
    /// The sentence, without prefix and without a line break.
    let description: String

    /// Creates an error; the sentence must stand in one line.
    init(_ status: Status, _ description: String) {
        self.status = status
        self.description = description
    }
}

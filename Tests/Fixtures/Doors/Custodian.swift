import MemScope

/// Looks at who frees.
enum Custodian {
    /// Keeps three blocks and frees two, all of them this program's.
    static func run(_ output: String) throws {
        try MemoryTracker.start(TrackerConfiguration(custody: true))
        Blocks.keep(3)
        Blocks.pass(2)
        try exportReport(to: output)
        say("done")
    }
}

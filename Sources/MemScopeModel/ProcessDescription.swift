/// Which process a snapshot is of, and how the snapshot came about.
public struct ProcessDescription: Sendable, Equatable {
    /// The executable's absolute path.
    public var executable = ""
    /// The command line, the program's name first.
    public var arguments: [String] = []
    /// The process id.
    public var pid = 0
    /// `x86_64` or `aarch64`.
    public var architecture = ""
    /// When tracking began, in nanoseconds since 1970.
    public var startTime: UInt64 = 0
    /// When the snapshot was taken, in nanoseconds since 1970.
    public var captureTime: UInt64 = 0
    /// Why the snapshot was taken: `exit`, `signal 15`, `request`, `period`.
    public var reason = ""
    /// How allocations were hooked: `preloaded` or `linked`.
    public var attachment = ""
    /// The program's Swift runtime as found at start, empty for a program without Swift.
    public var swiftRuntime = ""
    /// What could not be collected: the feature's name and a sentence that says why.
    public var unavailable: [String: String] = [:]

    /// Creates an empty description.
    public init() {}
}

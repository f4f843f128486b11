extension Report {
    /// Which process the report is about.
    package struct ProcessSection: Codable, Sendable, Equatable {
        /// The executable's absolute path.
        package var executable = ""
        /// The command line, the program's name first.
        package var arguments: [String] = []
        /// The process id.
        package var pid = 0
        /// `x86_64` or `aarch64`.
        package var architecture = ""
        /// When tracking began, in UTC as ISO 8601, empty if unknown.
        package var startTime = ""
        /// When the snapshot was taken, in UTC as ISO 8601, empty if unknown.
        package var captureTime = ""
        /// Nanoseconds from the start of tracking to the snapshot.
        package var durationNanoseconds: UInt64 = 0
        /// Why the snapshot was taken.
        package var reason = ""
        /// The Swift runtime found in the program, empty for a program without Swift.
        package var swiftRuntime = ""
        /// The executable and its libraries.
        package var modules: [Module] = []

        /// Creates an empty section.
        package init() {}

        /// The executable or a library.
        package struct Module: Codable, Sendable, Equatable {
            /// The file's path.
            package var path: String
            /// The GNU build id in hexadecimal, empty if it has none.
            package var buildID: String
            /// Whether it was unloaded before the snapshot.
            package var isUnloaded: Bool
            /// What names could not be found for it and why, empty if nothing is missing.
            package var note: String

            /// Creates a description of a module.
            package init(path: String, buildID: String, isUnloaded: Bool, note: String) {
                self.path = path
                self.buildID = buildID
                self.isUnloaded = isUnloaded
                self.note = note
            }
        }
    }
}

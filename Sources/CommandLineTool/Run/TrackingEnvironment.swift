#if os(Linux)
    @preconcurrency internal import Glibc

    /// The environment of the program: ours, and the variables by which the preload library knows what to do.
    ///
    /// Entries are kept as bytes, so that those which are not UTF-8 arrive as they are.
    struct TrackingEnvironment {
        /// What the library does when it has more events than room for them.
        enum BackPressure: String {
            /// The program waits; no event is lost.
            case wait
            /// Events are dropped, and counted.
            case drop
        }

        /// `NAME=value` entries, each ending in a zero byte.
        private(set) var entries: [[CChar]]

        /// Starts from the given entries.
        init(_ entries: [[CChar]]) {
            self.entries = entries
        }

        /// The environment of this process.
        static var current: TrackingEnvironment {
            var entries: [[CChar]] = []
            var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
            while let place = next, let entry = place.pointee {
                entries.append(Array(UnsafeBufferPointer(start: entry, count: strlen(entry) + 1)))
                next = place + 1
            }
            return TrackingEnvironment(entries)
        }

        /// The value of a variable, nil when it is not set.
        subscript(name: String) -> String? {
            get {
                let prefix = Array("\(name)=".utf8CString.dropLast())
                return entries.first { $0.starts(with: prefix) }.map { entry in
                    String(
                        decoding: entry.dropFirst(prefix.count).dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
                }
            }
            set {
                let prefix = Array("\(name)=".utf8CString.dropLast())
                entries.removeAll { $0.starts(with: prefix) }
                if let newValue { entries.append(Array("\(name)=\(newValue)".utf8CString)) }
            }
        }

        /// Whether this process is itself tracked by another `memscope run` that writes to `directory`.
        func isTracked(into directory: String) -> Bool {
            self["MEMSCOPE"] == "run" && self["MEMSCOPE_RUN_PID"] == String(getppid())
                && self["MEMSCOPE_OUTPUT"] == directory
        }

        /// Puts the library first in LD_PRELOAD; it stands there once, however often runs are nested.
        mutating func preload(_ library: String) {
            let others = (self["LD_PRELOAD"] ?? "").split { $0 == ":" || $0 == " " }.filter { $0 != library }
            self["LD_PRELOAD"] = ([Substring(library)] + others).joined(separator: ":")
        }

        /// Sets the variables that the library reads.
        ///
        /// - Parameters:
        ///   - output: The absolute path of the directory that the capture goes to.
        ///   - follow: Whether the program's own children are tracked too.
        ///   - backPressure: What happens when there are more events than room for them.
        ///   - leaks: Whether leaks are looked for.
        ///   - graph: Whether all references between live blocks are captured.
        ///   - custody: Whether it is looked at which module frees what.
        ///   - ownership: Which objects' retains and releases are recorded; what the environment says stays for `nil`.
        ///   - executable: The absolute path of this executable, for periodic exports.
        mutating func configure(
            output: String, follow: Bool, backPressure: BackPressure, leaks: Bool, graph: Bool = false,
            custody: Bool = false, ownership: String? = nil, executable: String
        ) {
            self["MEMSCOPE"] = "run"
            self["MEMSCOPE_RUN_PID"] = String(getpid())
            self["MEMSCOPE_OUTPUT"] = output
            self["MEMSCOPE_FOLLOW"] = follow ? "1" : nil
            self["MEMSCOPE_BACKPRESSURE"] = backPressure.rawValue
            // What the environment says stays if nobody asks here; asked for here, it can only be made more.
            if graph {
                self["MEMSCOPE_LEAKS"] = "graph"
            } else if leaks, self["MEMSCOPE_LEAKS"] != "graph" {
                self["MEMSCOPE_LEAKS"] = "1"
            }
            if custody { self["MEMSCOPE_CUSTODY"] = "1" }
            if let ownership { self["MEMSCOPE_OWNERSHIP"] = ownership }
            self["MEMSCOPE_CLI"] = executable
        }

        /// Whether the library will understand a selection of objects.
        static func isSelection(_ text: String) -> Bool {
            if text == "all" { return true }
            guard text.utf8.count < 4096 else { return false }
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return false }
            switch parts[0] {
            case "types", "scopes": return parts[1].contains { $0 != "," }
            case "sampled": return UInt32(parts[1]).map { (1...1_000_000).contains($0) } ?? false
            default: return false
            }
        }

        /// Sets what checks and reports of the running program go by; what the environment says stays, if nobody asks here.
        ///
        /// - Parameters:
        ///   - leakStatus: What a check in place of the last one ends the program with.
        ///   - suppressions: The absolute path of a file of suppressions.
        ///   - usesBuiltIn: Whether what libraries are known to leak is left out.
        mutating func configure(leakStatus: UInt8?, suppressions: String?, usesBuiltIn: Bool) {
            if let leakStatus { self["MEMSCOPE_ERROR_EXITCODE"] = String(leakStatus) }
            if let suppressions { self["MEMSCOPE_SUPPRESSIONS"] = suppressions }
            self["MEMSCOPE_BUILTIN_SUPPRESSIONS"] = usesBuiltIn ? nil : "0"
        }
    }
#endif

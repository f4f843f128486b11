internal import MemScopeShim

/// Why tracking cannot start here. The program is as it was.
public struct TrackerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reasons, of which there may be more in later versions.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Value {
            case sanitizer, notInChain, noResources, unsupportedPlatform, versionMismatch, forkedProcess, stopped
            case other
        }
        let value: Value

        /// The name of the reason, as in the source.
        public var description: String { "\(value)" }

        /// The program is built with a sanitizer.
        public static let sanitizer = Code(value: .sanitizer)
        /// The process's `malloc` does not lead through MemScope.
        public static let notInChain = Code(value: .notInChain)
        /// The kernel refused memory or a thread.
        public static let noResources = Code(value: .noResources)
        /// This operating system is not supported.
        public static let unsupportedPlatform = Code(value: .unsupportedPlatform)
        /// The linked library and a preloaded one are of different versions.
        public static let versionMismatch = Code(value: .versionMismatch)
        /// The process was forked from a tracked one.
        public static let forkedProcess = Code(value: .forkedProcess)
        /// Tracking was stopped before.
        public static let stopped = Code(value: .stopped)
        static let other = Code(value: .other)
    }

    /// The reason.
    public let code: Code

    init(_ code: Code) {
        self.code = code
    }

    init(_ status: memscope_status) {
        switch status {
        case MEMSCOPE_SANITIZED_PROGRAM: self.init(.sanitizer)
        case MEMSCOPE_NOT_IN_CHAIN: self.init(.notInChain)
        case MEMSCOPE_NO_RESOURCES: self.init(.noResources)
        case MEMSCOPE_UNSUPPORTED: self.init(.unsupportedPlatform)
        case MEMSCOPE_VERSION_MISMATCH: self.init(.versionMismatch)
        case MEMSCOPE_COPIED_PROCESS: self.init(.forkedProcess)
        case MEMSCOPE_STOPPED: self.init(.stopped)
        default: self.init(.other)
        }
    }

    /// What is wrong and what to do about it.
    public var description: String {
        switch code.value {
        case .sanitizer:
            "MemScope cannot track a program built with a sanitizer, whose allocator must not be interposed. "
                + "Build without --sanitize to track."
        case .notInChain:
            "MemScope cannot track here: malloc of this process does not lead through it. Another library defines "
                + "malloc before it; link MemScope into the executable itself, or preload it."
        case .noResources:
            "MemScope could not start: the kernel refused memory or a thread. Check the limits of the process "
                + "(ulimit -v, the cgroup's pids.max)."
        case .unsupportedPlatform: "MemScope tracks on Linux with glibc; this platform is not supported."
        case .versionMismatch:
            "MemScope did not start: the library in LD_PRELOAD and the one this program links are of different "
                + "versions. Use the same version of both."
        case .forkedProcess:
            "MemScope does not track a process that was forked from a tracked one; start it after exec instead."
        case .stopped:
            "MemScope was stopped and cannot start again, because frees went by unseen since. Use pause() and resume() "
                + "where tracking is to go on."
        case .other: "MemScope could not start."
        }
    }
}

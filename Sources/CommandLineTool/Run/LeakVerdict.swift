#if os(Linux)
    internal import MemScopeModel

    /// What a run's searches for leaks came to. Of several processes the worst counts.
    enum LeakVerdict: Int, Comparable {
        /// Nothing leaked, or the program has looked for itself and has ended as it chose.
        case clean
        /// It is not known whether anything leaked.
        case unknown
        /// Something leaked.
        case leaking

        /// Judges one process.
        /// - Parameters:
        ///   - scan: How the search at its end went.
        ///   - blocks: How many blocks leaked.
        init(_ scan: LeakScan, blocks: UInt64) {
            switch scan.outcome {
            case .done: self = blocks > 0 ? .leaking : .clean
            case .failed: self = .unknown
            // The capture has a reason if the program's own check was its last.
            case .notAsked: self = scan.complaint.isEmpty ? .unknown : .clean
            }
        }

        /// How the run ends if leaks decide about it. A signal that ended the program is worse than a leak, and a failure of its own is
        /// not made less of because nothing could be looked for.
        func ending(of program: ProgramEnding, leakStatus: UInt8) -> ProgramEnding {
            guard case .exited(let status) = program else { return program }
            switch self {
            case .clean: return program
            case .unknown: return status == 0 ? .exited(RunError.Status.notSearched.rawValue) : program
            case .leaking: return .exited(Int32(leakStatus))
            }
        }

        static func < (left: LeakVerdict, right: LeakVerdict) -> Bool { left.rawValue < right.rawValue }
    }
#endif

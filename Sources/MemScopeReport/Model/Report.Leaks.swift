extension Report {
    /// Live blocks that nothing refers to any more.
    package struct Leaks: Codable, Sendable, Equatable {
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// Number of blocks; `nil` if no scan took place.
        package var blocks: UInt64?
        /// Bytes of those blocks; `nil` if no scan took place.
        package var bytes: UInt64?
        /// Objects that were deinitialised and that `unowned` references keep from being freed; none of ``blocks``.
        package var deadBlocks: UInt64 = 0
        /// Bytes of those.
        package var deadBytes: UInt64 = 0
        /// Leaked blocks that suppressions left out.
        package var suppressedBlocks: UInt64 = 0
        /// Bytes of those.
        package var suppressedBytes: UInt64 = 0
        /// Blocks that would have leaked, had the program not said that they are no leaks.
        package var ignoredBlocks: UInt64 = 0
        /// Bytes of those.
        package var ignoredBytes: UInt64 = 0
        /// The classes of roots that were searched.
        package var roots: [String] = []
        /// Blocks of ``blocks`` that the search before in the same process had not found; `nil` at the first.
        package var newBlocks: UInt64?
        /// Blocks of ``blocks`` that it had found; `nil` at the first.
        package var knownBlocks: UInt64?
        /// Blocks that it had found and that are no longer leaked; `nil` at the first.
        package var goneBlocks: UInt64?
        /// How long the program's threads stood still for the scan, in nanoseconds.
        package var pauseNanoseconds: UInt64 = 0
        /// How long the scan took, in nanoseconds.
        package var scanNanoseconds: UInt64 = 0
        /// What the program's own searches at the end of scopes' runs came to.
        package var checks: [Check] = []
        /// The blocks by kind, type and place; those that keep most first.
        package var groups: [Group] = []

        /// Creates an empty section.
        package init() {}

        /// What is to be said of dead objects beside the leaks: `4 objects of 128 bytes are dead and not freed`; empty without any.
        package var deadText: String {
            switch deadBlocks {
            case 0: ""
            case 1: "1 object of \(deadBytes) bytes is dead and not freed"
            default: "\(deadBlocks) objects of \(deadBytes) bytes are dead and not freed"
            }
        }

        /// The searches at the end of the runs of one scope.
        package struct Check: Codable, Sendable, Equatable {
            /// The scope's name after those of the scopes around it: `GET /users > decode`.
            package var scope: String
            /// Runs that were looked at.
            package var runs: UInt64
            /// Those of them in which something leaked.
            package var leakingRuns: UInt64
            /// Blocks that were allocated in these and leaked.
            package var blocks: UInt64
            /// Bytes of those.
            package var bytes: UInt64
            /// How far the figures can be trusted.
            package var accuracy: Accuracy
        }

        /// Leaked blocks of one kind and type from one place.
        package struct Group: Codable, Sendable, Equatable {
            /// `definite`, `cycle`, `held` or `dead`.
            package var category: String
            /// The type's name, `untyped` if it was not recognised.
            package var type: String
            /// What the program calls one of them, if it does.
            package var name: String?
            /// The program's function that allocated them.
            package var function: String
            /// Its source file, empty if unknown.
            package var file: String
            /// The line, 0 if unknown.
            package var line: Int
            /// Number of blocks.
            package var blocks: UInt64
            /// Bytes of those blocks.
            package var bytes: UInt64
            /// How many of the blocks the search before in the same process had not found; `nil` at the first.
            package var newBlocks: UInt64?
            /// Bytes that they alone keep, their own included, each once.
            package var retainedBytes: UInt64
            /// The address of one of them, in hexadecimal.
            package var address: String
            /// Index into ``CallTree/nodes`` of where they were allocated, -1 if that was left out.
            package var node: Int
            /// What they keep as a tree, if nothing refers to them; else empty, as they are in the tree of what does.
            package var retained: [RetainedRow]
            /// How far the figures can be trusted.
            package var accuracy: Accuracy
        }
    }
}

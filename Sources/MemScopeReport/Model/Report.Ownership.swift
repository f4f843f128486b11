extension Report {
    /// Who owns what: the blocks that several own, and the chains of single owners.
    package struct Ownership: Codable, Sendable, Equatable {
        /// How far ``objects`` and ``sharedBytes`` can be trusted: `estimated` if some of those blocks are only perhaps owned by all.
        package var accuracy = Accuracy.exact
        /// What it is about: `largest`, a part of a type's name, or `scope:NAME`.
        package var selection = ""
        /// Number of selected blocks that two or more own.
        package var objects = 0
        /// Bytes of those.
        package var sharedBytes: UInt64 = 0
        /// Those that keep most.
        package var shared: [SharedRow] = []
        /// Chains of single owners, those of most bytes first.
        package var chains: [ChainRow] = []

        /// Creates an empty section.
        package init() {}

        /// A block that two or more own.
        package struct SharedRow: Codable, Sendable, Equatable {
            /// Where it begins, in hexadecimal.
            package var address: String
            /// The type's name, `untyped` if it was not recognised.
            package var type: String
            /// What the program calls it.
            package var name: String?
            /// `heapOwner`, `container` or `value`.
            package var kind: String
            /// Strong references by its own count, those of running code included; `nil` if it has none.
            package var strong: Int?
            /// Unowned references, likewise.
            package var unowned: Int?
            /// Weak references, likewise.
            package var weak: Int?
            /// Bytes requested.
            package var bytes: UInt64
            /// Bytes that it alone keeps, its own included.
            package var retainedBytes: UInt64
            /// The program's function that allocated it.
            package var function: String
            /// Its source file, empty if unknown.
            package var file: String
            /// The line, 0 if unknown.
            package var line: Int
            /// The library or executable, empty if unknown.
            package var module: String
            /// Whether the function was inlined into its caller.
            package var isInlined: Bool
            /// Whether the function belongs to the language or the system.
            package var isRuntime: Bool
            /// Index into ``CallTree/nodes`` of where it was allocated, -1 if that was left out.
            package var node: Int
            /// Who owns it, the most frequent first.
            package var referrers: [Referrer]
            /// How many more rows of owners there are.
            package var referrersLeftOut: Int
            /// How far its owners can be trusted: `estimated` if one of them is a word in a block of no known type, on a stack or in
            /// a register, which may only look like a reference.
            package var accuracy: Report.Accuracy
        }

        /// References of one sort to a block.
        package struct Referrer: Codable, Sendable, Equatable {
            /// The holder's type, `untyped` if it was not recognised; empty outside of the heap.
            package var type: String
            /// What the program calls the holder, if it is one.
            package var name: String?
            /// Where the holder begins, if it is one; where the reference stands, outside of the heap.
            package var address: String?
            /// The property that refers; empty outside of the heap.
            package var field: String
            /// `heapOwner`, `container`, `value` or `stackOwner`.
            package var kind: String
            /// How many references there are.
            package var count: Int
            /// Where outside of the heap, in words; `nil` for a block.
            package var root: String?
            /// Where the first holder was allocated; of a reference on a stack or in a register the running function that it
            /// belongs to; else `nil`.
            package var frame: String?
            /// Why the running function is not known, in a sentence; `nil` if it is, and for other referrers.
            package var whyNoFrame: String?
        }

        /// Chains of single owners of one shape.
        package struct ChainRow: Codable, Sendable, Equatable {
            /// The way, from the owner of the first block on.
            package var links: [Link]
            /// How many there are.
            package var instances: Int
            /// Bytes of all their blocks, that first owner excepted.
            package var bytes: UInt64
            /// The most blocks that one of them has.
            package var longest: Int
        }

        /// A block of a chain, and the property by which it owns the next one.
        package struct Link: Codable, Sendable, Equatable {
            /// The type's name, `untyped` if it was not recognised.
            package var type: String
            /// The property; empty for the last block.
            package var field: String
            /// Whether it stands for several in a row.
            package var isRepeated: Bool
        }
    }
}

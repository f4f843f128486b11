extension Report.RetainLedger {
    /// Retains and releases of all followed objects of one type.
    package struct TypeRow: Codable, Sendable, Equatable {
        /// The type's name.
        package var name: String
        /// Objects, those that are gone included.
        package var objects: UInt64
        /// Retains recorded.
        package var retains: UInt64
        /// Releases recorded.
        package var releases: UInt64
        /// Strong references that are left, those the objects began with included.
        package var balance: UInt64
        /// The highest strong count of any of them.
        package var peakStrong: Int
        /// Threads involved.
        package var threads: Int
        /// Tasks involved.
        package var tasks: Int
        /// How far `threads` and `tasks` can be trusted: `estimated` if there are at least as many.
        package var involvedAccuracy: Report.Accuracy
        /// How far the other figures can be trusted: `estimated` if retains or releases went by unseen.
        package var accuracy: Report.Accuracy
        /// References that no release took back, of all objects that are there, by stack: retains first, those of most references.
        package var unmatched: [Unmatched]
        /// Such references of stacks that are not listed.
        package var unlisted: UInt64

        /// References to objects of one type from one stack.
        package struct Unmatched: Codable, Sendable, Equatable {
            /// How many.
            package var count: UInt64
            /// `retain`, or `origin` for the references that objects begin with.
            package var kind: String
            /// The stack that retained, or made the objects; innermost first.
            package var stack: [Report.Frame]
        }
    }
}

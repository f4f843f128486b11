extension Report {
    /// Who retained and released the objects that were followed.
    package struct RetainLedger: Codable, Sendable, Equatable {
        /// `off`, `on` or `declined`.
        package var state = "off"
        /// Why there is none, or what the ledger is about.
        package var sentence = ""
        /// Which objects were asked for, empty for none.
        package var selection = ""
        /// How far ``retains`` and ``releases`` can be trusted, and the figures of ``types`` and ``sites``, too: `estimated` if some
        /// went by unseen, or found no room.
        package var accuracy = Accuracy.exact
        /// Retains recorded.
        package var retains: UInt64 = 0
        /// Releases recorded.
        package var releases: UInt64 = 0
        /// How much of what happened to the objects was seen.
        package var coverage = Coverage()
        /// From where on traffic is remarkable.
        package var thresholds = Thresholds()
        /// By type; those with most retains and releases first.
        package var types: [TypeRow] = []
        /// The objects that stand out; those that leaked first.
        package var objects: [ObjectRow] = []
        /// By line of the program; those with most retains and releases first.
        package var sites: [Site] = []

        /// Creates an empty section.
        package init() {}

        /// From where on traffic is remarkable.
        package struct Thresholds: Codable, Sendable, Equatable {
            /// Retains and releases in a second that make a place a storm.
            package var stormEventsPerSecond: UInt64 = 0
            /// Threads that make an object contended.
            package var contendedThreads = 0
        }
    }
}

extension Report {
    /// Blocks freed by the thread that allocated them with no other allocation of that thread in between.
    package struct Temporaries: Codable, Sendable, Equatable {
        /// How far the number of blocks can be trusted.
        package var accuracy = Accuracy.exact
        /// Number of blocks.
        package var blocks: UInt64 = 0
        /// Their bytes.
        package var bytes: UInt64 = 0
        /// How far ``bytes`` can be trusted: a stack with very many sizes keeps only their mean.
        package var bytesAccuracy = Accuracy.exact
        /// Who allocated them, most blocks first.
        package var callSites: [CallSite] = []

        /// Creates an empty section.
        package init() {}
    }
}

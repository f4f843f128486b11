extension Report {
    /// How far a figure can be trusted.
    package enum Accuracy: String, Codable, Sendable, CaseIterable {
        /// Every event was counted.
        case exact
        /// Sampled without bias, or read while the program went on.
        case estimated
        /// Concluded from something else; a `confidence` between 0 and 1 stands beside it.
        case inferred
    }
}

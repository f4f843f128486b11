extension Report {
    /// What the process's resident memory consists of.
    package struct Memory: Codable, Sendable, Equatable {
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// The resident set size at the last sample in bytes, 0 if unknown.
        package var residentBytes: UInt64 = 0
        /// The largest resident set size of any sample in bytes, 0 if unknown.
        package var peakResidentBytes: UInt64 = 0
        /// Bytes requested by live blocks.
        package var liveBytes: UInt64 = 0
        /// Memory of the tracker itself in bytes.
        package var trackerBytes: UInt64 = 0

        /// Creates an empty section.
        package init() {}
    }
}

extension Report {
    /// The heap when it was largest.
    package struct Peak: Codable, Sendable, Equatable {
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// Most bytes seen live at any cut.
        package var bytes: UInt64 = 0
        /// No more bytes than this were ever live; equal to ``bytes`` when the peak is exact to the event.
        package var upperBound: UInt64 = 0
        /// When it was, in nanoseconds since tracking began.
        package var time: UInt64 = 0
        /// Who held the memory then, largest first.
        package var holders: [CallSite] = []

        /// Creates an empty section.
        package init() {}
    }
}

/// Why a report was not written. What was there before is untouched.
public struct ExportError: Error, Sendable, CustomStringConvertible {
    /// The reasons, of which there may be more in later versions.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Value { case notTracking, notCaptured, notWritten }
        let value: Value

        /// The name of the reason, as in the source.
        public var description: String { "\(value)" }

        /// Tracking was never started in this process.
        public static let notTracking = Code(value: .notTracking)
        /// The state of the tracker could not be captured.
        public static let notCaptured = Code(value: .notCaptured)
        /// The files could not be written.
        public static let notWritten = Code(value: .notWritten)
    }

    /// The reason.
    public let code: Code
    /// What is wrong, why, and what to do about it.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

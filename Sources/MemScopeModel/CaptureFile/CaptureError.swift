/// Why a capture file could not be read.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was. More codes may follow.
    public struct Code: Sendable, Hashable {
        private let name: String

        /// The file could not be opened or read.
        public static let unreadable = Code(name: "unreadable")
        /// The bytes are not a capture at all.
        public static let notACapture = Code(name: "notACapture")
        /// The capture is of another version of the format.
        public static let otherVersion = Code(name: "otherVersion")
        /// The writer did not finish, or part of the file is gone.
        public static let incomplete = Code(name: "incomplete")
        /// Something in the file contradicts the format.
        public static let damaged = Code(name: "damaged")
    }

    /// What kind of failure it was.
    public var code: Code
    /// What could not be done.
    public var what: String
    /// Why it could not be done.
    public var why: String
    /// What the reader of the message can do about it.
    public var remedy: String

    /// Creates an error.
    public init(code: Code, what: String, why: String, remedy: String) {
        self.code = code
        self.what = what
        self.why = why
        self.remedy = remedy
    }

    /// The three sentences on one line.
    public var description: String { "\(what): \(why); \(remedy)" }

    static func damaged(_ why: String) -> CaptureError {
        CaptureError(
            code: .damaged, what: "cannot read the capture", why: why,
            remedy: "record it again; if that does not help, this is a defect worth reporting")
    }

    static func incomplete(_ why: String) -> CaptureError {
        CaptureError(
            code: .incomplete, what: "cannot read the capture", why: why,
            remedy: "record it again, with enough disk space and without killing the process while it writes")
    }
}

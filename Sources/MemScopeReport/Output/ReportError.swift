/// Why a report could not be written or rendered.
package struct ReportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was. More codes may follow.
    package struct Code: Sendable, Hashable {
        private let name: String

        /// A file or directory could not be written.
        package static let unwritable = Code(name: "unwritable")
        /// A file that somebody named does not have the form it should have.
        package static let badInput = Code(name: "badInput")
        /// The report holds something that the format cannot express. A defect of MemScope.
        package static let unencodable = Code(name: "unencodable")
    }

    /// What kind of failure it was.
    package var code: Code
    /// What could not be done.
    package var what: String
    /// Why it could not be done.
    package var why: String
    /// What the reader of the message can do about it.
    package var remedy: String

    /// The three parts on one line.
    package var description: String { "\(what): \(why); \(remedy)" }
}

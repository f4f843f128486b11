/// Why a command failed, when none of the libraries can say so.
struct CommandError: Error, CustomStringConvertible {
    /// What could not be done.
    var what: String
    /// Why it could not be done.
    var why: String
    /// What the user can do about it.
    var remedy: String

    var description: String { "\(what): \(why); \(remedy)" }
}

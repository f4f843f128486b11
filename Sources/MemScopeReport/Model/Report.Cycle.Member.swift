extension Report.Cycle {
    /// An object of the cycle.
    package struct Member: Codable, Sendable, Equatable {
        /// The type's name.
        package var type: String
        /// What the program calls it, if it does.
        package var name: String?
        /// The program's function that allocated it.
        package var function: String
        /// Its source file, empty if unknown.
        package var file: String
        /// The line, 0 if unknown.
        package var line: Int
        /// The address of one such object, in hexadecimal.
        package var address: String
        /// The closure that the member before holds and this one is the context of: a context of its own, or the one object that the
        /// closure captured. `nil` if the reference that leads here is none of a closure.
        package var closure: Closure?

        /// A closure, by its code.
        package struct Closure: Codable, Sendable, Equatable {
            /// Its name: `closure #1 in Session.init(id:)`.
            package var function: String
            /// Its source file, empty if unknown.
            package var file: String
            /// The line where it begins, 0 if unknown.
            package var line: Int
        }

        /// How the reference that leads here reads: empty, or ` (closure #1 in Session.init(id:), Session.swift:42)`.
        package var closureText: String {
            guard let closure else { return "" }
            let name = closure.file.split(separator: "/").last ?? ""
            return closure.line > 0 ? " (\(closure.function), \(name):\(closure.line))" : " (\(closure.function))"
        }
    }
}

extension Report {
    /// Why an object is alive: a shortest way from a root to it.
    package struct RetainerPath: Codable, Sendable, Equatable {
        /// Where the way begins, in words: `a global of /usr/bin/server at 0x5581…`.
        package var root: String
        /// The objects on the way, each with what of it refers to the next. Of a long way the middle is left out.
        package var steps: [Step]
        /// How many are left out.
        package var stepsLeftOut: Int

        /// An object on the way.
        package struct Step: Codable, Sendable, Equatable {
            /// The type's name, `untyped` if it was not recognised.
            package var type: String
            /// What the program calls it.
            package var name: String?
            /// The field that refers to the next step; empty for the last one.
            package var field: String
            /// Its address, in hexadecimal.
            package var address: String
        }
    }
}

/// A function around an address, as the debug information tells it.
package struct LocatedFunction: Equatable, Sendable {
    /// The mangled name, or the plain name of a language without mangling; nil where neither is known.
    package var name: String?
    package var file: String?
    /// 0 where the instruction belongs to no line.
    package var line: Int
    package var column: Int
    package var isInlined: Bool
}

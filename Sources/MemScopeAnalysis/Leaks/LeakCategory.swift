/// Why a block is held to be leaked.
package enum LeakCategory: String, Sendable, CaseIterable {
    /// Nothing refers to it.
    case definite
    /// It is one of several that refer to each other, or refers to itself.
    case cycle
    /// A leaked block or a cycle refers to it.
    case held
    /// It was deinitialised, and is not freed because something refers to it by `unowned`.
    case dead
}

/// What becomes of memory that some place or type holds.
package enum GrowthVerdict: String, Sendable, CaseIterable {
    /// It grows, and nothing refers to what it grows by.
    case leak
    /// It grows without an end in sight, and something refers to it.
    case unbounded
    /// It grew, and its growth falls off, or there is too little to judge by.
    case warmingUp
    /// It stays below what it has reached before.
    case bounded
}

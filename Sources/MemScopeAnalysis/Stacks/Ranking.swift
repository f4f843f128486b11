/// Keeps the largest values of a sequence, in time linear in its length for a fixed limit.
///
/// Always true: `kept` holds everything offered since the last cut, and nothing that was cut away is among the `limit`
/// largest. Equal values rank in the order of their indices, so a ranking is reproducible.
package struct Ranking {
    private let limit: Int
    private var kept: [(value: UInt64, index: Int)] = []
    private var threshold: UInt64 = 1

    /// Creates an empty ranking.
    /// - Parameter limit: How many to keep.
    package init(limit: Int) {
        self.limit = max(limit, 0)
    }

    /// Offers a value. Zero never ranks.
    /// - Parameters:
    ///   - value: The value.
    ///   - index: Whose value it is.
    package mutating func offer(_ value: UInt64, of index: Int) {
        guard value >= threshold, limit > 0 else { return }
        kept.append((value, index))
        if kept.count >= 2 * limit { cut() }
    }

    /// The indices of the largest values, largest first.
    /// - Returns: At most as many indices as the limit says.
    package consuming func indices() -> [Int] {
        cut()
        return kept.map(\.index)
    }

    private mutating func cut() {
        kept.sort { $0.value != $1.value ? $0.value > $1.value : $0.index < $1.index }
        guard kept.count > limit else { return }
        kept.removeLast(kept.count - limit)
        threshold = kept[limit - 1].value
    }
}

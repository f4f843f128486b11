/// Adds up what rows of a table keep, each byte once for a row: what a component of a row keeps in any case is not added again for others of
/// the row inside of it.
///
/// Ask for components in the order of ``order``. What two components of a row keep together, and neither alone, is in no sum.
package struct RetainedSums {
    /// The components, each directly before all that it alone keeps.
    package let order: [Int32]
    /// By component: its place in ``order``, and that behind the last that it keeps.
    let first: [Int32]
    let end: [Int32]
    private let retained: [UInt64]
    /// By row: where in ``order`` what was added last ends.
    private var covered: [Int32] = []
    /// By row: the sum.
    package private(set) var bytes: [UInt64] = []

    /// Finds the order. Linear in the number of components.
    package init(_ sizes: RetainedSizes) {
        let count = sizes.bytes.count
        // Who keeps a component has a larger number.
        var kept = [Int32](repeating: 1, count: count)
        for component in 0..<count where sizes.dominator[component] >= 0 {
            kept[Int(sizes.dominator[component])] += kept[component]
        }
        var first = [Int32](repeating: 0, count: count)
        var end = first
        var order = first
        var next = first
        var outermost: Int32 = 0
        for component in stride(from: count - 1, through: 0, by: -1) {
            let outer = Int(sizes.dominator[component])
            first[component] = outer < 0 ? outermost : next[outer]
            end[component] = first[component] + kept[component]
            if outer < 0 { outermost = end[component] } else { next[outer] = end[component] }
            next[component] = first[component] + 1
            order[Int(first[component])] = Int32(component)
        }
        (self.order, self.first, self.end, retained) = (order, first, end, sizes.bytes)
    }

    /// Adds what a component keeps to a row, unless that is in it already.
    /// - Returns: Whether it was not.
    @discardableResult
    package mutating func add(_ component: Int, to row: Int) -> Bool {
        while bytes.count <= row {
            bytes.append(0)
            covered.append(0)
        }
        guard first[component] >= covered[row] else { return false }
        bytes[row] += retained[component]
        covered[row] = end[component]
        return true
    }
}

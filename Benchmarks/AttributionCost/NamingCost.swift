import MemScope

/// What it costs to name an object, by how many names and named objects there are already.
enum NamingCost {
    private final class Item { var number = 1 }

    /// Names objects of `count` in turn by one of `distinct` names, all of which live, and tells the nanoseconds for each, all
    /// being named for the second time.
    static func measure(_ count: Int, distinct: Int) -> Double {
        let items = (0..<count).map { _ in Item() }
        let names = (0..<distinct).map { "a name with its number, \($0)" }
        name(items, names)
        let begin = ContinuousClock.now
        name(items, names)
        return Double((ContinuousClock.now - begin) / .nanoseconds(1)) / Double(count)
    }

    @inline(never) private static func name(_ items: [Item], _ names: [String]) {
        var next = 0
        for item in items {
            tracked(item, name: names[next])
            next = next + 1 == names.count ? 0 : next + 1
        }
    }
}

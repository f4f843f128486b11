/// Objects that stay alive, from a few call sites, for a report to be about.
public final class LiveBlocks {
    private var leaves: [Leaf] = []

    /// Allocates that many objects.
    public init(count: Int) {
        leaves.reserveCapacity(count)
        for index in 0..<count { leaves.append(Self.leaf(index, depth: index % 40)) }
    }

    /// How many objects are alive.
    public var count: Int { leaves.count }

    // Forty depths, so forty stacks.
    @inline(never)
    private static func leaf(_ number: Int, depth: Int) -> Leaf {
        if depth == 0 { return Leaf(number) }
        let leaf = leaf(number, depth: depth - 1)
        leaf.number &+= 1
        return leaf
    }
}

final class Leaf {
    var number: Int

    init(_ number: Int) { self.number = number }
}

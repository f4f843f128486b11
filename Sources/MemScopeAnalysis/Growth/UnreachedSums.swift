package import MemScopeModel

/// What no root leads to, summed up by site. Counts and no addresses: kept from one search to the next, those would be references.
package struct UnreachedSums: Sendable, Equatable {
    /// How many blocks, of how many bytes.
    package struct Sum: Sendable, Equatable {
        package var blocks: UInt64 = 0
        package var bytes: UInt64 = 0

        static func += (sum: inout Sum, other: Sum) {
            sum.blocks += other.blocks
            sum.bytes += other.bytes
        }

        /// How much more that is than another sum, nothing where it is less.
        func growth(since before: Sum) -> Sum {
            Sum(blocks: blocks - min(before.blocks, blocks), bytes: bytes - min(before.bytes, bytes))
        }
    }

    /// What leaked, by site.
    package private(set) var leaked: [Int: Sum] = [:]
    /// What is suppressed or ignored, by site: no leak, and nothing that is referred to.
    package private(set) var ignored: [Int: Sum] = [:]

    /// No blocks.
    package init() {}

    /// Sums up the blocks of a graph.
    package init(_ graph: ObjectGraph) {
        for block in graph.blocks where !block.isReachable {
            let sum = Sum(blocks: 1, bytes: block.size)
            if block.isIgnored {
                ignored[block.site, default: Sum()] += sum
            } else {
                leaked[block.site, default: Sum()] += sum
            }
        }
    }
}

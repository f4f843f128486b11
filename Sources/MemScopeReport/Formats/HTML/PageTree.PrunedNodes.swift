extension PageTree {
    /// What was left out below the nodes of a tree, by their numbers.
    struct PrunedNodes {
        /// What was left out below one node.
        struct Sum: Encodable {
            var nodes = 0
            var allocations: UInt64 = 0
            var allocatedBytes: UInt64 = 0
            var liveBlocks: UInt64 = 0
            var liveBytes: UInt64 = 0
            var peakBytes: UInt64 = 0
            var peakBlocks: UInt64 = 0
            var temporaries: UInt64 = 0
            var temporaryBytes: UInt64 = 0
        }

        private var sums: [Int: Sum] = [:]

        /// What was left out below a node, `nil` if nothing was.
        subscript(node: Int) -> Sum? { sums[node] }

        mutating func add(nodes more: Int, _ figures: Report.StackFigures, below node: Int) {
            var sum = sums[node, default: Sum()]
            sum.nodes += more
            sum.allocations &+= figures.allocations
            sum.allocatedBytes &+= figures.allocatedBytes
            sum.liveBlocks &+= figures.liveBlocks
            sum.liveBytes &+= figures.liveBytes
            sum.peakBytes &+= figures.peakBytes
            sum.peakBlocks &+= figures.peakBlocks
            sum.temporaries &+= figures.temporaries
            sum.temporaryBytes &+= figures.temporaryBytes
            sums[node] = sum
        }
    }
}

extension PageTree.PrunedNodes: Encodable {
    /// A node's number as text, as JSON wants its keys.
    private struct Key: CodingKey {
        let number: Int
        var stringValue: String { String(number) }
        var intValue: Int? { number }

        init(number: Int) { self.number = number }
        init(intValue: Int) { number = intValue }
        init?(stringValue: String) {
            guard let number = Int(stringValue) else { return nil }
            self.number = number
        }
    }

    /// Writes the sums in the order of the nodes, so that equal pages are equal byte for byte.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (node, sum) in sums.sorted(by: { $0.key < $1.key }) {
            try container.encode(sum, forKey: Key(number: node))
        }
    }
}

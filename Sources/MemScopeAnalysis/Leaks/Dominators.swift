/// Who alone leads to whom, in a graph whose nodes are numbered in the order of a search in depth from node 0.
enum Dominators {
    /// Who refers to each node.
    struct Predecessors {
        private var first: [Int32]
        private var elements: [Int32] = []

        init(count: Int) { first = [Int32](repeating: 0, count: count + 1) }

        /// First each reference is counted,
        mutating func count(_ target: Int32) { first[Int(target) + 1] += 1 }

        /// then room is made,
        mutating func settle() {
            for index in 1..<first.count { first[index] += first[index - 1] }
            elements = [Int32](repeating: 0, count: Int(first[first.count - 1]))
            // While references are added, each node's end is where the next one goes.
            for index in stride(from: first.count - 1, to: 0, by: -1) { first[index] = first[index - 1] }
        }

        /// then each is added.
        mutating func add(_ source: Int32, to target: Int32) {
            elements[Int(first[Int(target) + 1])] = source
            first[Int(target) + 1] += 1
        }

        func of(_ node: Int) -> ArraySlice<Int32> { elements[Int(first[node])..<Int(first[node + 1])] }
    }

    /// The immediate dominator of each node. Semidominators by path compression, then a walk up from each node's parent in the
    /// search to the first that lies no deeper than its semidominator.
    /// - Parameters:
    ///   - parents: By node, from where the search found it; always a lower number. Node 0's is 0.
    ///   - predecessors: By node, who refers to it.
    /// - Returns: By node the immediate dominator, a lower number; node 0's is 0.
    static func find(parents: [Int32], _ predecessors: Predecessors) -> [Int32] {
        var semi = parents.indices.map { Int32($0) }
        var label = semi
        // Of nodes that were seen, the way up; compressed as it is walked. -1 for those not seen yet.
        var ancestor = [Int32](repeating: -1, count: parents.count)
        var path: [Int32] = []
        for node in stride(from: parents.count - 1, to: 0, by: -1) {
            for source in predecessors.of(node) {
                let best = lowest(source, &ancestor, &label, &path, semi)
                semi[node] = min(semi[node], semi[Int(best)])
            }
            ancestor[node] = parents[node]
        }
        var dominator = parents
        for node in 1..<max(parents.count, 1) {
            while dominator[node] > semi[node] { dominator[node] = dominator[Int(dominator[node])] }
        }
        return dominator
    }

    /// The node of lowest semidominator on the way up from a node to the last one seen.
    private static func lowest(
        _ node: Int32, _ ancestor: inout [Int32], _ label: inout [Int32], _ path: inout [Int32], _ semi: [Int32]
    ) -> Int32 {
        var top = node
        while ancestor[Int(top)] >= 0, ancestor[Int(ancestor[Int(top)])] >= 0 {
            path.append(top)
            top = ancestor[Int(top)]
        }
        // From the outermost on: each takes over what its ancestor knows.
        while let inner = path.popLast() {
            let outer = ancestor[Int(inner)]
            if semi[Int(label[Int(outer)])] < semi[Int(label[Int(inner)])] { label[Int(inner)] = label[Int(outer)] }
            ancestor[Int(inner)] = ancestor[Int(outer)]
        }
        return label[Int(node)]
    }
}

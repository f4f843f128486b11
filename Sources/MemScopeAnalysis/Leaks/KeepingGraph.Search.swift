internal import MemScopeModel

extension KeepingGraph {
    /// A search from the roots in depth, which numbers what it finds.
    struct Search {
        private let graph: ObjectGraph
        private let owning: OwningReferences
        /// The block that stands for each one.
        private let owner: [Int32]
        /// By block: its number, -1 as long as it was not found; only of blocks that stand for themselves.
        private(set) var number: [Int32]
        /// By number: the block; -1 for the roots.
        private(set) var order: [Int32] = [-1]
        /// By number: the number from which it was found.
        private(set) var parents: [Int32] = [0]
        /// The blocks that one stands for: its own chain, linked by `nextMember`.
        private var firstMember: [Int32]
        private var nextMember: [Int32]

        init(_ graph: ObjectGraph, _ owner: [Int32]) {
            self.graph = graph
            owning = OwningReferences(graph)
            self.owner = owner
            number = [Int32](repeating: -1, count: graph.blocks.count)
            firstMember = number
            nextMember = number
            for member in graph.blocks.indices {
                nextMember[member] = firstMember[Int(owner[member])]
                firstMember[Int(owner[member])] = Int32(member)
            }
        }

        mutating func run() {
            var path: [(number: Int32, member: Int32, edge: Int)] = []
            for root in graph.roots {
                open(owner[root.to], from: 0, &path)
                while let (from, member, edge) = path.last {
                    guard member >= 0 else {
                        path.removeLast()
                        continue
                    }
                    guard edge < graph.firstEdge[Int(member) + 1] else {
                        let next = nextMember[Int(member)]
                        path[path.count - 1] = (from, next, next < 0 ? 0 : graph.firstEdge[Int(next)])
                        continue
                    }
                    path[path.count - 1].edge += 1
                    guard owning.contains(graph.edges[edge], of: Int(member)) else { continue }
                    open(owner[graph.edges[edge].to], from: from, &path)
                }
            }
        }

        private mutating func open(
            _ block: Int32, from parent: Int32, _ path: inout [(number: Int32, member: Int32, edge: Int)]
        ) {
            guard number[Int(block)] < 0 else { return }
            let found = Int32(order.count)
            number[Int(block)] = found
            order.append(block)
            parents.append(parent)
            let member = firstMember[Int(block)]
            path.append((found, member, graph.firstEdge[Int(member)]))
        }

        /// By number: those that refer to it, `elements[first[number]..<first[number + 1]]`.
        func predecessors() -> Dominators.Predecessors {
            var predecessors = Dominators.Predecessors(count: order.count)
            forEachReference { predecessors.count($1) }
            predecessors.settle()
            forEachReference { predecessors.add($0, to: $1) }
            return predecessors
        }

        private func forEachReference(_ body: (Int32, Int32) -> Void) {
            for root in graph.roots { body(0, number[Int(owner[root.to])]) }
            for block in graph.blocks.indices {
                let from = number[Int(owner[block])]
                if from < 0 { continue }
                for edge in graph.edges(of: block) where owning.contains(edge, of: block) {
                    body(from, number[Int(owner[edge.to])])
                }
            }
        }
    }
}

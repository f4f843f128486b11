/// The strongly connected components of leaked blocks: nodes of which each leads to each other are one component.
///
/// Components are numbered against the direction of references: what a component refers to has a smaller number.
package struct StrongComponents: Sendable {
    /// The component of each node.
    package private(set) var component: [Int32]
    /// The nodes, those of one component together, in the order of components.
    package private(set) var members: [Int32] = []
    /// Where in ``members`` component `c` begins; one element more than there are components.
    package private(set) var firstMember: [Int32] = [0]

    /// Number of components.
    package var count: Int { firstMember.count - 1 }

    /// Nodes of a component.
    package func members(of component: Int) -> ArraySlice<Int32> {
        members[Int(firstMember[component])..<Int(firstMember[component + 1])]
    }

    /// Finds the components in one pass over nodes and references (Tarjan's algorithm with stacks of its own).
    package init(_ leaked: LeakedBlocks) {
        let count = leaked.count
        component = [Int32](repeating: -1, count: count)
        members.reserveCapacity(count)
        var number = [Int32](repeating: 0, count: count)  // 0: not seen yet
        var lowest = [Int32](repeating: 0, count: count)
        var open: [Int32] = []  // seen, component not known
        var path: [(node: Int32, next: Int32)] = []
        var seen: Int32 = 0
        for start in 0..<count where number[start] == 0 {
            path.append((Int32(start), leaked.firstTarget[start]))
            seen += 1
            number[start] = seen
            lowest[start] = seen
            open.append(Int32(start))
            while let (node, next) = path.last {
                let index = Int(node)
                if next < leaked.firstTarget[index + 1] {
                    path[path.count - 1].next = next + 1
                    let target = Int(leaked.targets[Int(next)])
                    if number[target] == 0 {
                        seen += 1
                        number[target] = seen
                        lowest[target] = seen
                        open.append(Int32(target))
                        path.append((Int32(target), leaked.firstTarget[target]))
                    } else if component[target] < 0 {
                        lowest[index] = min(lowest[index], number[target])
                    }
                    continue
                }
                path.removeLast()
                if let (parent, _) = path.last { lowest[Int(parent)] = min(lowest[Int(parent)], lowest[index]) }
                if lowest[index] == number[index] { close(node, &open) }
            }
        }
    }

    private mutating func close(_ root: Int32, _ open: inout [Int32]) {
        let number = Int32(count)
        repeat {
            let node = open.removeLast()
            component[Int(node)] = number
            members.append(node)
            if node == root { break }
        } while true
        firstMember.append(Int32(members.count))
    }
}

package import MemScopeModel

/// The totals of each node of a call tree: of the stacks that end in it, and with those that end below it.
///
/// Most nodes have one child and no stack of their own, so their totals are the child's. Such nodes share one entry: a
/// tree has fewer sums than stacks, however deep these are. Touching memory is what takes the time here.
package struct CallTreeTotals: Sendable, Equatable {
    /// The stacks by the node that they end in, in the order of the nodes.
    package private(set) var stacks: [StackTotals] = []
    /// The totals that are sums of several entries.
    private var sums: [AllocationTotals] = []
    /// Where each node's totals are: in ``stacks``, or beyond its end in ``sums``; -1 if nothing was allocated below.
    private var entry: [Int32]

    /// Sums a snapshot's sites up a tree, in time linear in sites and nodes.
    /// - Parameters:
    ///   - snapshot: Where the sites are.
    ///   - place: For each of ``HeapSnapshot/nodes`` the node of the tree that stands for it; several may share one.
    ///   - parents: Each node's parent, which precedes it; node 0 is the root.
    package init(_ snapshot: HeapSnapshot, at place: [Int32], parents: [Int32]) {
        entry = [Int32](repeating: -1, count: parents.count)
        findStacks(snapshot, place)
        addSites(snapshot, place)
        addUp(parents)
    }

    /// The totals of a node, what is below it included.
    package subscript(node: Int) -> AllocationTotals {
        node < entry.count && entry[node] >= 0 ? self[entry: entry[node]] : AllocationTotals()
    }

    /// Computes something of each node's totals, once for all nodes that share them.
    /// - Parameter transform: What to compute.
    /// - Returns: One value for each node.
    package func map<Value>(_ transform: (AllocationTotals) -> Value) -> [Value] {
        let values = stacks.map { transform($0.totals) } + sums.map(transform)
        let nothing = transform(AllocationTotals())
        return entry.map { $0 < 0 ? nothing : values[Int($0)] }
    }

    private subscript(entry index: Int32) -> AllocationTotals {
        let index = Int(index)
        return index < stacks.count ? stacks[index].totals : sums[index - stacks.count]
    }

    private mutating func findStacks(_ snapshot: HeapSnapshot, _ place: [Int32]) {
        var count = 0
        for site in snapshot.sites {
            let node = Int(place[site.node])
            count += entry[node] < 0 ? 1 : 0
            entry[node] = 0
        }
        stacks.reserveCapacity(count)
        for node in entry.indices where entry[node] == 0 {
            entry[node] = Int32(stacks.count)
            stacks.append(StackTotals(node: Int32(node)))
        }
    }

    private mutating func addSites(_ snapshot: HeapSnapshot, _ place: [Int32]) {
        var isCounted = [Bool](repeating: false, count: snapshot.nodes.count)
        for site in snapshot.sites {
            let index = Int(entry[Int(place[site.node])])
            stacks[index].totals += AllocationTotals(site)
            if !isCounted[site.node] {
                isCounted[site.node] = true
                stacks[index].stacks += 1
            }
        }
    }

    private mutating func addUp(_ parents: [Int32]) {
        sums.reserveCapacity(stacks.count)
        // Whose sum it is: a node may add to its own only.
        var owners: [Int32] = []
        owners.reserveCapacity(stacks.count)
        // A parent precedes its children, so going backwards meets each node after all that is below it.
        var node = parents.count
        while node > 1 {
            node -= 1
            let own = entry[node]
            if own < 0 { continue }
            let parent = Int(parents[node])
            let other = entry[parent]
            if other < 0 {
                entry[parent] = own
                continue
            }
            var sum = Int(other) - stacks.count
            if sum < 0 || owners[sum] != Int32(parent) {
                sum = sums.count
                sums.append(self[entry: other])
                owners.append(Int32(parent))
                entry[parent] = Int32(stacks.count + sum)
            }
            sums[sum] += self[entry: own]
        }
    }
}

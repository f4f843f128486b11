internal import MemScopeModel

/// Collects the cycles of a snapshot by their shapes.
struct CycleRows {
    private(set) var rows: [LeakedCycle] = []
    private var rowOf: [[LeakedCycle.Member]: Int] = [:]
    /// By row: how many references had the component that was searched for further cycles, of those so far the most.
    private var searched: [Int] = []
    private let snapshot: HeapSnapshot
    private let leaked: BlockSubgraph
    private let components: StrongComponents
    private let isKnown: [Bool]?
    private var search: CycleSearch

    init(_ snapshot: HeapSnapshot, _ leaked: BlockSubgraph, _ components: StrongComponents, isKnown: [Bool]?) {
        (self.snapshot, self.leaked, self.components, self.isKnown) = (snapshot, leaked, components, isKnown)
        search = CycleSearch(snapshot, leaked, components)
    }

    /// Counts the cycle of a component; returns its row, `nil` for a component that is none.
    mutating func add(_ component: Int) -> Int? {
        guard search.mayBeCycle(component) else { return nil }
        let steps = search.shortestCycle(in: component)
        guard !steps.isEmpty else { return nil }
        let members = steps.map { leaked.member($0, snapshot) }
        let row = rowOf[members] ?? rows.count
        if row == rows.count {
            rowOf[members] = row
            rows.append(LeakedCycle(ring: LeakedCycle.Ring(steps, leaked, snapshot)))
            searched.append(0)
        }
        let blocks = components.members(of: component)
        rows[row].instances += 1
        rows[row].largestComponent = max(rows[row].largestComponent, blocks.count)
        if let isKnown, steps.contains(where: { !isKnown[Int(leaked.block[Int($0.node)])] }) {
            rows[row].newInstances += 1
        }
        addFurther(component, blocks, to: row)
        return row
    }

    /// What a component keeps is part of what a row keeps.
    mutating func addRoot(_ component: Int, to row: Int) { rows[row].roots.append(Int32(component)) }

    /// A component with no more references than blocks is one cycle, and nothing else.
    private mutating func addFurther(_ component: Int, _ blocks: ArraySlice<Int32>, to row: Int) {
        let references = blocks.reduce(0) { sum, node in
            sum
                + leaked.references(of: Int(node)).count(where: {
                    components.component[Int(leaked.targets[$0])] == component
                })
        }
        guard references > blocks.count, references > searched[row] else { return }
        searched[row] = references
        let further = FurtherCycles.find(after: rows[row].ring, among: blocks, of: leaked, snapshot)
        if further.count > rows[row].further.count { rows[row].further = further }
    }
}

extension BlockSubgraph {
    /// A step of a cycle without the addresses.
    func member(_ step: (node: Int32, reference: Int32), _ snapshot: HeapSnapshot) -> LeakedCycle.Member {
        let entry = snapshot.graph.blocks[Int(block[Int(step.node)])]
        let closure = Int(closures[Int(step.reference)])
        return LeakedCycle.Member(
            type: entry.type, node: snapshot.sites[entry.site].node, offset: Int(offsets[Int(step.reference)]),
            closure: closure < 0 ? nil : closure)
    }
}

extension LeakedCycle.Ring {
    init(_ steps: [(node: Int32, reference: Int32)], _ leaked: BlockSubgraph, _ snapshot: HeapSnapshot) {
        let members = steps.map { leaked.member($0, snapshot) }
        self.init(
            members: members, representatives: steps.map { Int(leaked.block[Int($0.node)]) },
            remedy: CycleRemedy(for: members, in: snapshot))
    }
}

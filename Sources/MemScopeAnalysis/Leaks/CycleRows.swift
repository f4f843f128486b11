internal import MemScopeModel

/// Collects the cycles of a snapshot by their shapes.
struct CycleRows {
    private(set) var rows: [LeakedCycle] = []
    /// The rows whose members have a hash.
    private var rowsOf: [Int: [Int]] = [:]
    /// By row: how many references had the component that was searched for further cycles, of those so far the most.
    private var searched: [Int] = []
    private let snapshot: HeapSnapshot
    private let places: LeakPlaces
    private let leaked: BlockSubgraph
    private let components: StrongComponents
    private let isKnown: [Bool]?
    private var search: CycleSearch

    init(
        _ snapshot: HeapSnapshot, _ places: LeakPlaces, _ leaked: BlockSubgraph, _ components: StrongComponents,
        isKnown: [Bool]?
    ) {
        (self.snapshot, self.places, self.leaked) = (snapshot, places, leaked)
        (self.components, self.isKnown) = (components, isKnown)
        search = CycleSearch(snapshot, places, leaked, components)
    }

    /// Counts the cycle of a component; returns its row, `nil` for a component that is none.
    mutating func add(_ component: Int) -> Int? {
        guard search.mayBeCycle(component) else { return nil }
        let steps = search.shortestCycle(in: component)
        guard !steps.isEmpty else { return nil }
        let hash = steps.reduce(steps.count) { $0 &* 0x9e37_79b9 &+ member($1).mixed }
        let known = rowsOf[hash]?.first { row in
            rows[row].members.count == steps.count && zip(rows[row].members, steps).allSatisfy { $0 == member($1) }
        }
        let row = known ?? rows.count
        if row == rows.count {
            rowsOf[hash, default: []].append(row)
            rows.append(LeakedCycle(ring: LeakedCycle.Ring(steps, leaked, snapshot, places)))
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

    private func member(_ step: (node: Int32, reference: Int32)) -> LeakedCycle.Member {
        leaked.member(step, snapshot.graph, places)
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
        let further = FurtherCycles.find(after: rows[row].ring, among: blocks, of: leaked, snapshot, places)
        if further.count > rows[row].further.count { rows[row].further = further }
    }
}

extension LeakedCycle.Member {
    /// A number by which most different ones differ.
    fileprivate var mixed: Int {
        let place = (type ?? -1) &* 0x1_0001 ^ node &* 0x10_0003
        return (place ^ offset &* 0x101 ^ (closure ?? -1)) &* 0x2545_f491_4f6c_dd1d
    }
}

extension BlockSubgraph {
    /// A step of a cycle without the addresses.
    func member(
        _ step: (node: Int32, reference: Int32), _ graph: ObjectGraph, _ places: LeakPlaces
    ) -> LeakedCycle.Member {
        let entry = graph.blocks[Int(block[Int(step.node)])]
        let code = Int(closures[Int(step.reference)])
        let closure = code < 0 ? -1 : Int(places.closure[code])
        return LeakedCycle.Member(
            type: entry.type, node: places.node[entry.site], offset: Int(offsets[Int(step.reference)]),
            closure: closure < 0 ? nil : closure)
    }
}

extension LeakedCycle.Ring {
    init(
        _ steps: [(node: Int32, reference: Int32)], _ leaked: BlockSubgraph, _ snapshot: HeapSnapshot,
        _ places: LeakPlaces
    ) {
        let members = steps.map { leaked.member($0, snapshot.graph, places) }
        self.init(
            members: members, representatives: steps.map { Int(leaked.block[Int($0.node)]) },
            remedy: CycleRemedy(for: members, in: snapshot))
    }
}

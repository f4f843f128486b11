/// Who alone keeps which leaked blocks, component by component.
package struct KeptBlocks: Sendable {
    let leaked: BlockSubgraph
    let components: StrongComponents
    let sizes: RetainedSizes
    /// The components, each directly before all that it alone keeps.
    let order: [Int32]
    /// By component: its place in ``order``, and that behind the last that it keeps.
    let first: [Int32]
    let end: [Int32]

    init(_ leaked: BlockSubgraph, _ components: StrongComponents, _ sizes: RetainedSizes, _ sums: RetainedSums) {
        (self.leaked, self.components, self.sizes) = (leaked, components, sizes)
        (order, first, end) = (sums.order, sums.first, sums.end)
    }

    /// Calls with each component that a component alone keeps, without what these keep in turn.
    @inline(__always)
    func forEachKept(by component: Int, _ body: (Int) -> Void) {
        var place = Int(first[component]) + 1
        while place < Int(end[component]) {
            let inner = Int(order[place])
            body(inner)
            place = Int(end[inner])
        }
    }
}

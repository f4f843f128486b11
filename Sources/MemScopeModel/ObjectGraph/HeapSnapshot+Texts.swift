extension HeapSnapshot {
    /// Takes out of the graph what only looks like a reference from a text.
    ///
    /// A native string has its text behind its two words, and behind that, up to its capacity, bytes that somebody else left there: addresses
    /// among them would close cycles that do not exist. All that such a string owns are its breadcrumbs, the places of characters in it.
    mutating func removeReferencesOfTexts() {
        let isText = types.map { $0.name == "Swift.__StringStorage" }
        guard !graph.blocks.isEmpty, isText.contains(true) else { return }
        var kept: [GraphEdge] = []
        kept.reserveCapacity(graph.edges.count)
        var firstEdge = [0]
        firstEdge.reserveCapacity(graph.firstEdge.count)
        for (index, block) in graph.blocks.enumerated() {
            let edges = graph.edges(of: index)
            if block.type.map({ isText[$0] }) ?? false {
                kept += edges.filter { isOfBreadcrumbs(graph.blocks[$0.to]) }
            } else {
                kept += edges
            }
            firstEdge.append(kept.count)
        }
        graph.edges = kept
        graph.firstEdge = firstEdge
    }

    private func isOfBreadcrumbs(_ block: GraphBlock) -> Bool {
        block.type.map { types[$0].name.hasSuffix("StringBreadcrumbs") } ?? false
    }
}

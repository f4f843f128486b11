internal import MemScopeAnalysis
internal import MemScopeModel

/// What the program named.
extension ReportBuilder {
    func tracked() -> [Report.TrackedRow] {
        snapshot.trackedNames.filter { $0.blocks > 0 }.map {
            Report.TrackedRow(
                name: $0.name, file: $0.file, line: $0.line, blocks: $0.blocks, liveBlocks: $0.liveBlocks,
                freedBlocks: $0.blocks - $0.liveBlocks,
                accuracy: snapshot.counters.namesLost == 0 && snapshot.counters.isFrozenCopy ? .exact : .estimated)
        }
    }

    /// What the program calls a block of the graph.
    func name(ofBlock block: Int) -> String? { snapshot.name(at: snapshot.graph.blocks[block].address) }

    /// The names in each group of leaked blocks, by the group's place in the findings; of several the first one by address.
    func names(in findings: LeakFindings) -> [Int: String] {
        guard !snapshot.trackedBlocks.isEmpty else { return [:] }
        var names: [Int: String] = [:]
        for (block, row) in zip(snapshot.graph.blocks, findings.row) where row >= 0 {
            guard let name = snapshot.name(at: block.address), names[Int(row)] == nil else { continue }
            names[Int(row)] = name
        }
        return names
    }
}

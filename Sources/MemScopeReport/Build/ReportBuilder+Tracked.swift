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
        struct Key: Hashable {
            var category: LeakCategory
            var node: Int
            var type: Int?
        }
        var groups: [Key: Int] = [:]
        for (index, group) in findings.groups.enumerated() {
            groups[Key(category: group.category, node: group.node, type: group.type)] = index
        }
        var names: [Int: String] = [:]
        for (index, block) in snapshot.graph.blocks.enumerated() {
            guard let category = findings.categories[index], let name = snapshot.name(at: block.address) else {
                continue
            }
            let key = Key(category: category, node: snapshot.sites[block.site].node, type: block.type)
            if let group = groups[key], names[group] == nil { names[group] = name }
        }
        return names
    }
}

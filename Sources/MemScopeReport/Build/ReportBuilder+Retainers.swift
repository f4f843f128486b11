internal import MemScopeAnalysis
internal import MemScopeModel

/// Why the largest types are alive.
extension ReportBuilder {
    /// Puts a shortest way from a root into the rows of the types that have most live bytes. Without the whole graph there is none.
    func addRetainerPaths(to rows: inout [Report.TypeRow]) {
        guard !snapshot.graph.roots.isEmpty else { return }
        let largest = rows.indices.filter { rows[$0].figures.liveBytes > 0 }
            .sorted { rows[$0].figures.liveBytes > rows[$1].figures.liveBytes }.prefix(options.maximumRetainerPaths)
        var rowOf: [String: Int] = [:]
        for row in largest { rowOf[rows[row].name] = row }
        // Types of one name are one row.
        let rowOfType = snapshot.types.map { rowOf[$0.name] }
        let rowOfUntyped = rowOf["untyped"]
        var blocks: [Int: [Int]] = [:]
        for (index, block) in snapshot.graph.blocks.enumerated() where block.isReachable {
            if let row = block.type.map({ rowOfType[$0] }) ?? rowOfUntyped { blocks[row, default: []].append(index) }
        }
        let paths = RetainerPaths(snapshot.graph)
        for (row, blocks) in blocks {
            rows[row].retainerPath = paths.path(toAnyOf: blocks).map { retainerPath($0) }
        }
    }

    private func retainerPath(_ path: RetainerPaths.Path) -> Report.RetainerPath {
        let limit = options.maximumRetainerSteps
        let count = path.blocks.count
        // The way's two ends say most.
        let shown =
            count <= limit ? Array(0..<count) : Array(0..<limit / 2) + Array(count - (limit - limit / 2)..<count)
        let steps = shown.map { index in
            let type = snapshot.graph.blocks[path.blocks[index]].type
            return Report.RetainerPath.Step(
                type: typeName(type), name: name(ofBlock: path.blocks[index]),
                field: index < path.offsets.count ? fieldName(of: type, at: path.offsets[index]) : "",
                address: address(of: path.blocks[index]))
        }
        return Report.RetainerPath(
            root: snapshot.graph.roots[path.root].words, steps: steps, stepsLeftOut: count - shown.count)
    }
}

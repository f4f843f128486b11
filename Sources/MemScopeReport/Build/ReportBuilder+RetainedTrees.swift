internal import MemScopeAnalysis
internal import MemScopeModel

/// What a leak or a cycle keeps, by name.
extension ReportBuilder {
    func rows(of tree: RetainedTree) -> [Report.RetainedRow] {
        tree.rows.map { row in
            Report.RetainedRow(
                parent: row.parent, type: typeName(row.type), isCycle: row.isCycle,
                field: row.reference.map { "\(typeName($0.holder)).\(plainFieldName(of: $0))" },
                blocks: row.blocks, bytes: row.bytes, retainedBytes: row.retainedBytes,
                leftOutBlocks: row.leftOutBlocks, leftOutBytes: row.leftOutBytes)
        }
    }

    /// Elements of an array go by the same name.
    private func plainFieldName(of reference: RetainedTree.Reference) -> String {
        snapshot.graph.field(of: reference.holder, at: reference.offset)?.field.name ?? "offset \(reference.offset)"
    }
}

import MemScopeReport

/// What a leak keeps, as text: the first levels, what keeps most.
enum RetainedText {
    private static let levels = 2
    private static let most = 3

    /// A line for each row, indented by its level, and one for what is not told.
    /// - Parameter rows: The tree; its first row is the finding itself, of which nothing is printed.
    /// - Returns: The lines, none if nothing is kept.
    static func lines(_ rows: [Report.RetainedRow]) -> [String] {
        rows.isEmpty ? [] : lines(below: 0, of: rows, level: 1)
    }

    private static func lines(below parent: Int, of rows: [Report.RetainedRow], level: Int) -> [String] {
        let inner = rows.indices.filter { rows[$0].parent == parent }
        let indent = String(repeating: "  ", count: level)
        var lines: [String] = []
        for index in inner.prefix(most) {
            let row = rows[index]
            let way = row.field.map { " by \($0)" } ?? ""
            let kept = row.retainedBytes > row.bytes ? ", \(row.retainedBytes) with what they keep" : ""
            lines.append(
                "\(indent)keeps \(row.blocks) × \(row.type)\(row.isCycle ? " (a cycle)" : "")\(way), \(row.bytes) bytes\(kept)"
            )
            if level < levels { lines += self.lines(below: index, of: rows, level: level + 1) }
        }
        let rest = inner.dropFirst(most).reduce(rows[parent].leftOutBytes) { $0 + rows[$1].retainedBytes }
        if rest > 0 { lines.append("\(indent)and others of \(rest) bytes") }
        return lines
    }
}

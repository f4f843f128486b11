extension Report {
    /// What leaked, in sentences, with all that makes it doubtful or partial; `nil` if leaks were not looked for.
    package var leakSummary: [String]? {
        guard let blocks = leaks.blocks, let bytes = leaks.bytes else { return nil }
        var lines = [
            blocks == 0 ? "Nothing leaked." : "\(blocks) block\(blocks == 1 ? "" : "s") of \(bytes) bytes leaked."
        ]
        lines += capture.notes.filter { note in
            [ReportBuilder.scanNote, ReportBuilder.rootsNote].contains { note.hasPrefix($0) }
        }
        if leaks.deadBlocks > 0 { lines.append("\(leaks.deadText).") }
        if let unlisted = notCollected["leaks.groups"] { lines.append(unlisted) }
        return lines
    }
}

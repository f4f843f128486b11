internal import MemScopeAnalysis
internal import MemScopeModel

/// The section about what was concluded.
extension ReportBuilder {
    /// The rows, surest first, whose nodes are those of the snapshot until the call tree is there.
    func inferences() -> [Report.Inference] {
        let rows = copyStorms() + structCandidates()
        return Array(
            rows.sorted { ($1.confidence, $1.bytes, $0.text) < ($0.confidence, $0.bytes, $1.text) }
                .prefix(options.maximumInferences))
    }

    /// What could not be concluded, and why.
    var notInferred: String? {
        guard snapshot.leakScan.outcome == .done, !snapshot.graph.roots.isEmpty else {
            return "Which classes could be structs needs the graph of live blocks: ask with MEMSCOPE_LEAKS=graph."
        }
        return nil
    }

    private func copyStorms() -> [Report.Inference] {
        let functions = CopyingFunctions(snapshot, names)
        // One line of the program may copy in several ways, or be reached in several.
        var rows: [Report.Inference] = []
        var rowOfPlace: [Report.Frame: Int] = [:]
        for storm in CopyStorm.all(of: snapshot, evidence: functions.evidence) {
            let frame = programFrame(of: storm.node) ?? Report.Frame(function: "(no stack)")
            if let row = rowOfPlace[frame] {
                rows[row].count += storm.copies
                rows[row].bytes += storm.bytes
                rows[row].confidence = max(rows[row].confidence, storm.confidence)
                continue
            }
            rowOfPlace[frame] = rows.count
            rows.append(
                Report.Inference(
                    kind: .copyOnWriteStorm, confidence: storm.confidence, text: "",
                    type: storm.type.map { snapshot.types[$0].name }, count: storm.copies, bytes: storm.bytes,
                    frame: frame, node: storm.node))
        }
        for row in rows.indices {
            rows[row].text =
                "\(rows[row].frame.place) copied storage \(rows[row].count) times, "
                + "\(ByteText.text(rows[row].bytes)) in all, and the original went each time: while it is changed, a second "
                + "variable refers to it. Change it where it is, or move it out before (leave an empty value behind)."
        }
        return rows
    }

    private func structCandidates() -> [Report.Inference] {
        StructCandidate.all(of: snapshot) { !Self.isOfToolchain($0.name) }.map { candidate in
            let name = snapshot.types[candidate.type].name
            return Report.Inference(
                kind: .couldBeStruct, confidence: candidate.confidence,
                text:
                    "\(name) could be a struct: each of its \(candidate.instances) objects has one owner, and none is "
                    + "referred to weakly. As values they would need no blocks of their own. Not if their identity "
                    + "matters, or a deinit, or that changes are seen through another reference.",
                type: name, count: candidate.instances, bytes: candidate.bytes,
                frame: programFrame(of: candidate.node) ?? Report.Frame(function: "(no stack)"), node: candidate.node)
        }
    }

    private static func isOfToolchain(_ type: String) -> Bool {
        let modules = [
            "Swift.", "_Concurrency.", "Foundation", "Dispatch.", "__C.", "Synchronization.", "_StringProcessing.",
            "_RegexParser.", "Glibc.", "Observation.",
        ]
        return !type.contains(".") || modules.contains { type.hasPrefix($0) }
    }
}

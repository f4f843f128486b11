internal import MemScopeAnalysis
internal import MemScopeModel

/// The section about what changes hands between modules.
extension ReportBuilder {
    /// The rows, whose nodes are those of the snapshot until the call tree is there.
    func boundaries() -> [Report.Boundary] {
        // What could not be told may belong to any row.
        let custody = snapshot.custody
        let isWhole = custody.lost == 0 && custody.freedByUnknown == 0 && UnplacedBlocks(snapshot).blocks == 0
        return BoundaryTotals.all(of: snapshot).prefix(options.maximumBoundaries).map { totals in
            Report.Boundary(
                allocatedIn: moduleName(totals.allocatedIn), freedIn: totals.freedIn.map(moduleName),
                blocks: totals.blocks, bytes: totals.bytes,
                frame: programFrame(of: totals.node) ?? Report.Frame(function: "(no stack)"), node: totals.node,
                accuracy: isWhole ? accuracy : .estimated)
        }
    }

    /// Why there are no boundaries, `nil` if they were looked at.
    var noBoundaries: String? {
        snapshot.custody.isOn
            ? nil
            : "Nobody asked which module frees what: ask with MEMSCOPE_CUSTODY=1, memscope run --custody or "
                + "TrackerConfiguration.custody."
    }

    /// What is missing from them, for people.
    func boundaryNotes() -> [String] {
        var notes: [String] = []
        let custody = snapshot.custody
        if custody.freedByUnknown > 0 {
            notes.append(
                "Of \(custody.freedByUnknown) frees the module could not be told; they are in no row of the boundaries."
            )
        }
        let unplaced = UnplacedBlocks(snapshot)
        if unplaced.blocks > 0 {
            notes.append(
                "Of \(unplaced.blocks) blocks (\(unplaced.bytes) bytes) the library that allocated them could not be told, "
                    + "\(unplaced.liveBlocks) of them (\(unplaced.liveBytes) bytes) not freed; they are in no row of the "
                    + "boundaries.")
        }
        if custody.lost > 0 {
            notes.append("\(custody.lost) frees across boundaries found no room: those rows are lower bounds.")
        }
        return notes
    }

    private func moduleName(_ module: Int) -> String {
        String(snapshot.modules[module].path.split(separator: "/").last ?? "")
    }
}

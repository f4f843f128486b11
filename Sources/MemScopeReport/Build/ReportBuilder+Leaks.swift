internal import MemScopeAnalysis
internal import MemScopeModel

/// The section about what leaked.
extension ReportBuilder {
    /// The section without the nodes of its groups, which only the call tree knows.
    func leaks(_ findings: LeakFindings, _ trees: inout RetainedTrees, knowsNew: Bool) -> Report.Leaks {
        var leaks = Report.Leaks()
        leaks.accuracy = leakAccuracy
        leaks.blocks = findings.blocks
        leaks.bytes = findings.bytes
        leaks.deadBlocks = findings.deadBlocks
        leaks.deadBytes = findings.deadBytes
        leaks.suppressedBlocks = suppressed.blocks
        leaks.suppressedBytes = suppressed.bytes
        leaks.ignoredBlocks = snapshot.leakScan.ignoredBlocks
        leaks.ignoredBytes = snapshot.leakScan.ignoredBytes
        leaks.roots = snapshot.leakScan.roots
        leaks.pauseNanoseconds = snapshot.leakScan.pause
        leaks.scanNanoseconds = snapshot.leakScan.duration
        let names = names(in: findings)
        leaks.groups = findings.groups.prefix(options.maximumLeakGroups).enumerated().map { index, group in
            let place = programFrame(of: group.node) ?? Report.Frame(function: "(no stack)")
            return Report.Leaks.Group(
                category: group.category.rawValue, type: typeName(group.type), name: names[index],
                function: place.function,
                file: place.file, line: place.line, blocks: group.blocks, bytes: group.bytes,
                newBlocks: knowsNew ? group.newBlocks : nil, retainedBytes: group.retainedBytes,
                address: address(of: group.representative), node: group.node,
                retained: group.roots.isEmpty ? [] : rows(of: trees.tree(of: group.roots)),
                accuracy: leakAccuracy)
        }
        return leaks
    }

    /// How many rows there is no room for, `nil` if all are listed.
    func unlistedRows(of findings: LeakFindings) -> String? {
        let (rows, listed) = (findings.groups.count, options.maximumLeakGroups)
        guard rows > listed else { return nil }
        return "Of \(rows) rows of leaks \(listed) are listed, those that keep most."
    }

    /// Stacks and closures that have the same names, files and lines are one.
    func leakPlaces(_ tree: DisplayTree) -> LeakPlaces {
        var first: [Report.Frame: Int32] = [:]
        let closures = snapshot.graph.closures.indices.map { index -> Int32 in
            guard index < names.closures.count else { return Int32(index) }
            guard let code = names.closures[index] else { return -1 }
            if let known = first[code] { return known }
            first[code] = Int32(index)
            return Int32(index)
        }
        return LeakPlaces(snapshot, shownAs: tree.place, closures: closures)
    }

    /// What was left out of the leaks, and where references to blocks were not looked for.
    var notesOnLeaks: [String] {
        let scan = snapshot.leakScan
        guard scan.outcome == .done else { return [] }
        var notes: [String] = []
        if suppressed.blocks > 0 {
            notes.append("\(suppressed.blocks) leaked blocks of \(ByteText.text(suppressed.bytes)) were suppressed.")
        }
        if scan.ignoredBlocks > 0 {
            notes.append(
                "\(scan.ignoredBlocks) blocks of \(ByteText.text(scan.ignoredBytes)) are left out of the leaks because the program "
                    + "said so.")
        }
        let missing = LeakScan.usualRoots.filter { !scan.roots.contains($0) }
        if !scan.roots.isEmpty, !missing.isEmpty {
            notes.append(
                "\(Self.rootsNote)without \(missing.joined(separator: ", ")) as roots, as the environment or the program asked: "
                    + "what only those lead to is reported.")
        }
        if scan.roots.contains("unaligned") {
            notes.append("\(Self.rootsNote)with references at any address: more numbers are taken for references.")
        }
        return notes
    }

    func leakChecks() -> [Report.Leaks.Check] {
        snapshot.leakChecks.map { checks in
            var path = snapshot.scopes[checks.scope].name
            var scope = snapshot.scopes[checks.scope].parent
            while let outer = scope {
                path = "\(snapshot.scopes[outer].name) > \(path)"
                scope = snapshot.scopes[outer].parent
            }
            return Report.Leaks.Check(
                scope: path, runs: checks.runs, leakingRuns: checks.leakingRuns, blocks: checks.blocks,
                bytes: checks.bytes, accuracy: accuracy)
        }
    }

    func fieldName(of type: Int?, at offset: Int) -> String {
        type.flatMap { snapshot.graph.fieldName(of: $0, at: offset) } ?? "offset \(offset)"
    }

    func typeName(_ type: Int?) -> String { type.map { snapshot.types[$0].name } ?? "untyped" }

    func address(of block: Int) -> String {
        "0x" + String(snapshot.graph.blocks[block].address, radix: 16)
    }
}

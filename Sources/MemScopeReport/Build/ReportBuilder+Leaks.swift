internal import MemScopeAnalysis
internal import MemScopeModel

/// The sections about what leaked.
extension ReportBuilder {
    /// The section without the nodes of its groups, which only the call tree knows.
    func leaks(_ findings: LeakFindings) -> Report.Leaks {
        var leaks = Report.Leaks()
        leaks.accuracy = accuracy
        leaks.blocks = findings.blocks
        leaks.bytes = findings.bytes
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
                category: group.category.rawValue, type: typeName(group.type), name: names[index], function: place.function,
                file: place.file, line: place.line, blocks: group.blocks, bytes: group.bytes,
                retainedBytes: group.retainedBytes, address: address(of: group.representative), node: group.node,
                accuracy: accuracy)
        }
        return leaks
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
                "Leaks were looked for without \(missing.joined(separator: ", ")) as roots, as the environment or the program asked: "
                    + "what only those lead to is reported.")
        }
        if scan.roots.contains("unaligned") {
            notes.append("Leaks were looked for with references at any address: more numbers are taken for references.")
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

    func cycles(_ findings: LeakFindings) -> [Report.Cycle] {
        let maker = ReferenceMaker(snapshot.ledger)
        return findings.cycles.prefix(options.maximumCycles).map { cycle in
            let edges = cycle.members.indices.map { index in
                Report.Cycle.Edge(
                    field: fieldName(of: cycle.members[index]), offset: cycle.members[index].offset,
                    createdBy: creation(ofEdge: index, in: cycle, maker))
            }
            let members = zip(cycle.members, cycle.representatives).map { member, block in
                let place = programFrame(of: member.node) ?? Report.Frame(function: "(no stack)")
                return Report.Cycle.Member(
                    type: typeName(member.type), name: name(ofBlock: block), function: place.function, file: place.file, line: place.line,
                    address: address(of: block))
            }
            let remedy = CycleRemedy(for: cycle, in: snapshot)
            return Report.Cycle(
                members: members, edges: edges, instances: cycle.instances, objects: cycle.largestComponent,
                retainedBytes: cycle.retainedBytes, suggestedEdge: remedy?.member ?? -1,
                suggestion: remedy.map { text(of: $0, members, edges) } ?? "", accuracy: accuracy)
        }
    }

    private func creation(
        ofEdge index: Int, in cycle: LeakedCycle, _ maker: ReferenceMaker
    ) -> Report.Cycle.Creation? {
        let target = snapshot.graph.blocks[cycle.representatives[(index + 1) % cycle.members.count]].address
        let holder = "\(typeName(cycle.members[index].type).split(separator: "<")[0])."
        let place = maker.place(of: target) { site in
            frames(ofSite: site).contains { !$0.isRuntime && $0.function.contains(holder) }
        }
        return place.map { place in
            Report.Cycle.Creation(stack: frames(ofSite: place.site), task: place.task.map(UInt64.init))
        }
    }

    private func text(
        of remedy: CycleRemedy, _ members: [Report.Cycle.Member], _ edges: [Report.Cycle.Edge]
    ) -> String {
        let holder = members[remedy.member].type
        let target = members[(remedy.member + 1) % members.count].type
        return switch remedy.reason {
        case .closureCapture:
            members.count == 1
                ? "Capture \(target) weakly in the closure that its \(edges[0].field) holds: `[weak self]`."
                : "Capture \(target) weakly in the closure that is made in \(members[remedy.member].function): `[weak self]`."
        case .backReference:
            "Make \(holder).\(edges[remedy.member].field) weak or unowned: by its name it leads back to what owns the object."
        }
    }

    private func fieldName(of member: LeakedCycle.Member) -> String {
        member.type.flatMap { snapshot.graph.fieldName(of: $0, at: member.offset) } ?? "offset \(member.offset)"
    }

    func typeName(_ type: Int?) -> String { type.map { snapshot.types[$0].name } ?? "untyped" }

    func address(of block: Int) -> String {
        "0x" + String(snapshot.graph.blocks[block].address, radix: 16)
    }
}

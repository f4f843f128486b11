internal import MemScopeAnalysis
internal import MemScopeModel

/// The section about objects that keep each other alive.
extension ReportBuilder {
    func cycles(_ findings: LeakFindings, _ trees: inout RetainedTrees, knowsNew: Bool) -> [Report.Cycle] {
        let maker = ReferenceMaker(snapshot.ledger)
        return findings.cycles.prefix(options.maximumCycles).map { cycle in
            let first = way(cycle.ring, maker)
            let tree = trees.tree(of: cycle.roots)
            return Report.Cycle(
                members: first.members, edges: first.edges, instances: cycle.instances,
                newInstances: knowsNew ? cycle.newInstances : nil, objects: cycle.largestComponent,
                retainedBytes: cycle.retainedBytes, innerBytes: tree.innerBytes, retained: rows(of: tree),
                suggestedEdge: first.suggestedEdge, suggestion: first.suggestion,
                further: cycle.further.map { way($0, maker) }, accuracy: leakAccuracy)
        }
    }

    private func way(_ ring: LeakedCycle.Ring, _ maker: ReferenceMaker) -> Report.Cycle.Further {
        let edges = ring.members.indices.map { index in
            Report.Cycle.Edge(
                field: fieldName(of: ring.members[index].type, at: ring.members[index].offset),
                offset: ring.members[index].offset, createdBy: creation(ofEdge: index, in: ring, maker))
        }
        let members = ring.members.indices.map { index in
            let member = ring.members[index]
            let place = programFrame(of: member.node) ?? Report.Frame(function: "(no stack)")
            let before = ring.members[(index + ring.members.count - 1) % ring.members.count]
            return Report.Cycle.Member(
                type: typeName(member.type), name: name(ofBlock: ring.representatives[index]),
                function: place.function, file: place.file, line: place.line,
                address: address(of: ring.representatives[index]),
                closure: before.closure.flatMap { closure($0, of: member, allocatedAt: place) })
        }
        return Report.Cycle.Further(
            members: members, edges: edges, suggestedEdge: ring.remedy?.member ?? -1,
            suggestion: ring.remedy.map { text(of: $0, members, edges) } ?? "")
    }

    private func creation(
        ofEdge index: Int, in ring: LeakedCycle.Ring, _ maker: ReferenceMaker
    ) -> Report.Cycle.Creation? {
        let target = snapshot.graph.blocks[ring.representatives[(index + 1) % ring.members.count]].address
        let holder = "\(typeName(ring.members[index].type).split(separator: "<")[0])."
        let place = maker.place(of: target) { site in
            frames(ofSite: site).contains { !$0.isRuntime && $0.function.contains(holder) }
        }
        return place.map { place in
            Report.Cycle.Creation(stack: frames(ofSite: place.site), task: place.task.map(UInt64.init))
        }
    }

    /// The closure whose code that is, `nil` if it is something else's. A context of its own is allocated where the closure is made, so
    /// if the code has no line, that one does.
    private func closure(
        _ index: Int, of context: LeakedCycle.Member, allocatedAt place: Report.Frame
    ) -> Report.Cycle.Member.Closure? {
        guard index < names.closures.count, let code = names.closures[index] else { return nil }
        let isOwn = context.type.map { snapshot.types[$0].kind == .closureContext } ?? false
        let line = code.line == 0 && isOwn ? place : code
        return Report.Cycle.Member.Closure(function: code.function, file: line.file, line: line.line)
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
}

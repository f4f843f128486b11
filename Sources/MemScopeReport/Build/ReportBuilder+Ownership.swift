internal import MemScopeAnalysis
internal import MemScopeModel

/// Who owns what.
extension ReportBuilder {
    /// The section, `nil` without the whole graph. Nodes of its rows are those of the snapshot.
    func ownership() -> Report.Ownership? {
        guard hasWholeGraph else { return nil }
        let findings = OwnershipFindings(snapshot, selection: options.ownership, limit: options.maximumShared)
        var ownership = Report.Ownership()
        ownership.accuracy = findings.areCertain && snapshot.leakScan.unlistedRoots == 0 ? accuracy : .estimated
        ownership.selection = findings.selection.text
        ownership.objects = findings.objects
        ownership.sharedBytes = findings.sharedBytes
        ownership.shared = zip(findings.shared, findings.counts).map(row)
        ownership.chains = findings.chains.prefix(options.maximumChains).map { chain in
            let links = zip(chain.links, chain.isRepeated).map { link, isRepeated in
                Report.Ownership.Link(type: typeName(link.type), field: link.field, isRepeated: isRepeated)
            }
            return Report.Ownership.ChainRow(
                links: links, instances: chain.instances, bytes: chain.bytes, longest: chain.longest)
        }
        return ownership
    }

    /// What is wrong with what was asked for, `nil` if nothing is.
    var unknownSelection: String? {
        guard !options.ownership.isKnown(in: snapshot) else { return nil }
        return switch options.ownership {
        case .largest: nil
        case .type(let name): "No type with \(name) in its name was seen, so the account of ownership is empty."
        case .scope(let name): "The program entered no scope called \(name), so the account of ownership is empty."
        }
    }

    private func row(_ object: SharedObject, _ counts: ObjectCounts?) -> Report.Ownership.SharedRow {
        let block = snapshot.graph.blocks[object.block]
        let node = snapshot.sites[block.site].node
        let place = programFrame(of: node) ?? Report.Frame(function: "(no stack)")
        return Report.Ownership.SharedRow(
            address: address(of: object.block), type: typeName(block.type), name: name(ofBlock: object.block),
            kind: TrackKind(block.type.map { snapshot.types[$0] }).rawValue, strong: counts?.strong,
            unowned: counts?.unowned, weak: counts?.weak, bytes: block.size, retainedBytes: object.retainedBytes,
            function: place.function, file: place.file, line: place.line, module: place.module,
            isInlined: place.isInlined, isRuntime: place.isRuntime, node: node,
            referrers: object.referrers.prefix(options.maximumReferrers).map(referrer),
            referrersLeftOut: max(0, object.referrers.count - options.maximumReferrers),
            accuracy: object.isCertain ? accuracy : .estimated)
    }

    private func referrer(_ referrer: SharedObject.Referrer) -> Report.Ownership.Referrer {
        switch referrer.place {
        case .block(let type, let field):
            let isOne = referrer.count == 1
            let frame = referrer.holder.flatMap {
                programFrame(of: snapshot.sites[snapshot.graph.blocks[$0].site].node)
            }
            return Report.Ownership.Referrer(
                type: typeName(type), name: referrer.holder.flatMap(name),
                address: isOne ? referrer.holder.map(address) : nil, field: field,
                kind: TrackKind(type.map { snapshot.types[$0] }).rawValue, count: referrer.count, root: nil,
                frame: frame?.place, whyNoFrame: nil)
        case .root(let index):
            let root = snapshot.graph.roots[index]
            let frame = runningFunction(of: root)
            let isRunning = TrackKind(root.kind) == .stackOwner
            return Report.Ownership.Referrer(
                type: "", name: nil, address: root.address == 0 ? nil : "0x" + String(root.address, radix: 16),
                field: "",
                kind: TrackKind(root.kind).rawValue, count: referrer.count, root: root.text, frame: frame?.place,
                whyNoFrame: isRunning && frame == nil ? root.missingFunction.sentence : nil)
        }
    }

    /// The function whose frame a reference stands in, not one that was inlined into it.
    private func runningFunction(of root: GraphRoot) -> Report.Frame? {
        guard let function = root.function else { return nil }
        let named = function < names.stackFunctions.count ? names.stackFunctions[function].frames.last : nil
        return named ?? ModuleMap(snapshot.modules).frame(for: snapshot.graph.stackFunctions[function])
    }
}

extension GraphRoot.MissingFunction {
    fileprivate var sentence: String {
        switch self {
        case .unknown: "The thread had ended, or the capture does not say."
        case .notWalked: "The stack could not be walked as far as this."
        case .beyondFunctions: "It lies further out than the thread's first function."
        case .otherStack: "The thread runs on another stack."
        case .noRoom: "There were too many functions."
        }
    }
}

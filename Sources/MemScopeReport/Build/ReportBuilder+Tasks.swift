internal import MemScopeAnalysis
internal import MemScopeModel

/// The sections about tasks, and the sentence on top.
extension ReportBuilder {
    /// Rows in the order of ``HeapSnapshot/taskSites``, so that tasks can refer to them.
    ///
    /// `leaked` has the leaked bytes of each context, and is `nil` if leaks were not looked for; `sole` is without the whole graph.
    func taskSites(leaked: [UInt64]?, _ sole: SoleBytes?) -> [Report.TaskSiteRow] {
        let totals = TaskSiteTotals(snapshot)
        var leakedBytes = [UInt64](repeating: 0, count: snapshot.taskSites.count)
        for (context, bytes) in zip(snapshot.contexts, leaked ?? []) {
            if let site = context.taskSite { leakedBytes[site] += bytes }
        }
        return snapshot.taskSites.enumerated().map { index, site in
            let (totals, created) = (totals.sites[index], totals.created[index])
            let place = programFrame(of: site.node)
            return Report.TaskSiteRow(
                kind: kind(of: site), function: place?.function ?? "(created before tracking began)",
                file: place?.file ?? "", line: place?.line ?? 0, module: place?.module ?? "", created: created,
                finished: site.finished, running: site.there.running, enqueued: site.there.enqueued,
                suspended: site.there.suspended, complete: site.there.complete, unknown: site.there.unknown,
                meanLifetime: site.finished == 0 ? 0 : site.finishedMilliseconds * 1_000_000 / site.finished,
                largestPeakBytes: site.largestPeakBytes, largestAllocatedBytes: site.largestAllocatedBytes,
                temporaries: totals.temporaries, allocations: totals.allocations, frees: totals.frees,
                allocatedBytes: totals.allocatedBytes, liveBlocks: totals.liveBlocks, liveBytes: totals.liveBytes,
                leakedBytes: leaked.map { _ in leakedBytes[index] }, soleBytes: sole?.ofTaskSite[index],
                accuracy: accuracy)
        }
    }

    /// `leaked` has the leaked bytes of each task.
    func tasks(in sites: [Report.TaskSiteRow], leaked: [UInt64]?, _ sole: SoleBytes?) -> [Report.TaskRow] {
        let ranked = snapshot.tasks.enumerated().sorted { first, second in
            let (left, right) = (first.element, second.element)
            let (more, less) = (left.allocatedBytes - left.freedBytes, right.allocatedBytes - right.freedBytes)
            return more != less ? more > less : (right.allocatedBytes, left.id) < (left.allocatedBytes, right.id)
        }
        let listing = ScopeListing(
            ScopeTotals(snapshot), parents: snapshot.scopes.map(\.parent), limit: options.maximumScopes)
        return ranked.prefix(options.maximumTasks).map { index, task in
            let site = task.site.map { sites[$0] }
            return Report.TaskRow(
                id: task.id, name: task.name.isEmpty ? site.map { "created by \($0.function)" } ?? "" : task.name,
                kind: site?.kind ?? TaskSite.Kind.unstructured.key, state: "\(task.state)", parent: task.parentID,
                site: task.site ?? -1, priority: task.priority, firstSeen: task.firstSeen * 1_000_000,
                lastSeen: task.lastSeen * 1_000_000, scope: task.scope.map { listing.position[$0] } ?? -1,
                hasOutlivedScope: task.hasOutlivedScope, slabBytes: task.slabBytes, peakBytes: task.peakBytes,
                leakedBytes: leaked?[index], soleBytes: sole?.ofTask[index] ?? nil, temporaries: task.temporaries,
                allocations: task.allocations,
                frees: task.frees, allocatedBytes: task.allocatedBytes, liveBlocks: task.allocations - task.frees,
                liveBytes: task.allocatedBytes - task.freedBytes, accuracy: accuracy)
        }
    }

    /// The innermost frame of a stack that belongs to the program rather than to a runtime, else its innermost frame;
    /// `nil` for the root. An initialiser that the compiler made has no line, and its caller says more.
    func programFrame(of node: Int) -> Report.Frame? {
        var innermost: Report.Frame?
        var next = node
        while next > 0 {
            let index = snapshot.nodes[next].address
            let frames = index < names.addresses.count ? names.addresses[index].frames : []
            if let frame = frames.first(where: { !$0.isRuntime && !Self.isMadeInitializer($0) }) { return frame }
            if innermost == nil || innermost?.isRuntime == true, let made = frames.first(where: { !$0.isRuntime }) {
                innermost = made
            } else if innermost == nil {
                innermost = frames.first ?? ModuleMap(snapshot.modules).frame(for: snapshot.addresses[index])
            }
            next = snapshot.nodes[next].parent
        }
        return innermost
    }

    private static func isMadeInitializer(_ frame: Report.Frame) -> Bool {
        frame.line == 0 && frame.function.contains(".init(")
    }

    /// Whether a task is detached is nowhere in it; but the function that created it is often inlined by name.
    private func kind(of site: TaskSite) -> String {
        guard site.kind == .unstructured else { return site.kind.key }
        var next = site.node
        while next > 0 {
            let index = snapshot.nodes[next].address
            let frames = index < names.addresses.count ? names.addresses[index].frames : []
            for frame in frames {
                if frame.function.contains("Task") && frame.function.contains(".detached") { return "detached" }
                if !frame.isRuntime && !frame.isInlined { return site.kind.key }
            }
            next = snapshot.nodes[next].parent
        }
        return site.kind.key
    }

    /// Who holds most memory, and what it is.
    func headline() -> String {
        guard let holder = LargestHolder(of: snapshot) else { return "" }
        let kept = ByteText.text(holder.bytes)
        var beginning = "The process keeps \(kept) alive"
        if let scope = holder.scope {
            let runs = snapshot.scopeRuns.first { $0.scope == scope }
            let ended = runs.map { " after \($0.ended) runs" } ?? ""
            beginning = "\(snapshot.scopes[scope].name) keeps \(kept) alive\(ended)"
        } else if let site = holder.taskSite {
            let place = programFrame(of: snapshot.taskSites[site].node)?.function
            let tasks = place.map { "Tasks created by \($0)" } ?? "Tasks from before tracking began"
            beginning = "\(tasks) have allocated \(kept) that are still there, their slabs not counted"
        }
        let type = holder.type.map { snapshot.types[$0].name } ?? "blocks of no known type"
        let place = programFrame(of: holder.node)
        let origin = place.map { ", allocated in \($0.place)" } ?? ""
        let part = holder.blockBytes * 2 > holder.bytes ? "most of it" : "the largest part"
        let blocks = holder.blocks == 1 ? "1 block of" : "\(holder.blocks) blocks, together"
        return "\(beginning): \(part) is \(type), \(blocks) \(ByteText.text(holder.blockBytes))\(origin)."
            + unfinished()
    }

    /// Which place created most of the tasks that are there, if they are very many.
    private func unfinished() -> String {
        let sites = snapshot.taskSites.map { site in (site: site, tasks: site.there.unfinished) }
        guard let most = sites.max(by: { $0.tasks < $1.tasks }), most.tasks >= 1000,
            let place = programFrame(of: most.site.node)
        else { return "" }
        return " \(most.tasks) tasks that \(place.place) created have not finished."
    }
}

extension TaskSite.Kind {
    /// The kind as the report spells it.
    var key: String {
        switch self {
        case .unstructured: "unstructured"
        case .groupChild: "groupChild"
        case .asyncLet: "asyncLet"
        }
    }
}

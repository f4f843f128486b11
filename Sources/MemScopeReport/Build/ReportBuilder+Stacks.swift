internal import MemScopeAnalysis
internal import MemScopeModel

/// The sections about stacks, which share one display tree.
extension ReportBuilder {
    func addStacks(to report: inout Report, _ tree: DisplayTree, _ findings: LeakFindings?) {
        let collector = CallSiteCollector(tree, accuracy)
        let limit = options.maximumCallSites
        report.callSites = collector.leading(by: [.allocatedBytes, .liveBytes, .allocations], limit: limit)
        report.peak = peak(holders: collector.leading(by: [.peakBytes], limit: limit))
        report.temporaries = temporaries(
            tree.totals[0], callSites: collector.leading(by: [.temporaries], limit: limit))

        for index in report.leaks.groups.indices {
            report.leaks.groups[index].node = Int(tree.place[report.leaks.groups[index].node])
        }
        if let shared = report.ownership?.shared {
            for index in shared.indices { report.ownership?.shared[index].node = Int(tree.place[shared[index].node]) }
        }
        for index in report.boundaries.indices {
            report.boundaries[index].node = Int(tree.place[report.boundaries[index].node])
        }
        for index in report.inferences.indices {
            report.inferences[index].node = Int(tree.place[report.inferences[index].node])
        }
        for index in report.retainLedger.sites.indices {
            report.retainLedger.sites[index].node = Int(tree.place[report.retainLedger.sites[index].node])
        }
        report.growth = growth(tree, collector, findings)
        let pruning = TreePruning(
            parents: tree.parents, ranks: tree.ranks(), limit: options.maximumNodes,
            wanted: report.callSiteNodes.filter { $0 > 0 })
        report.callTree = callTree(tree, pruning)
        report.mapCallSiteNodes { pruning.nearest($0) }
        report.timeline.intervals = IntervalChanges(snapshot, tree, pruning, limit: options.maximumChanges)
            .intervals(pruning)
    }

    private func callTree(_ tree: DisplayTree, _ pruning: TreePruning) -> Report.CallTree {
        var prunedNodes = [Int32](repeating: 0, count: tree.parents.count)
        var prunedTotals: [Int: AllocationTotals] = [:]
        for node in tree.parents.indices.dropFirst().reversed() where pruning.position[node] < 0 {
            let parent = Int(tree.parents[node])
            prunedNodes[parent] += 1 + prunedNodes[node]
            if parent == 0 || pruning.position[parent] >= 0 {
                prunedTotals[parent, default: AllocationTotals()] += tree.totals[node]
            }
        }
        func pruned(_ node: Int) -> Report.CallTree.Pruned? {
            prunedTotals[node].map {
                Report.CallTree.Pruned(nodes: Int(prunedNodes[node]), total: Report.StackFigures($0))
            }
        }
        var result = Report.CallTree()
        result.accuracy = accuracy
        result.total = Report.StackFigures(tree.totals[0])
        result.pruned = pruned(0)
        result.nodes = pruning.kept.map { index in
            let node = Int(index)
            return Report.CallTree.Node(
                // The root's position is -1, as is the parent of what is at the top.
                parent: Int(pruning.position[Int(tree.parents[node])]), frame: tree.frames[Int(tree.frame[node])],
                kind: Report.CallTree.Node.Kind(tree.kinds[node]),
                figures: Report.StackFigures(tree.totals[node]), pruned: pruned(node))
        }
        return result
    }

    private func peak(holders: [Report.CallSite]) -> Report.Peak {
        var peak = Report.Peak()
        peak.bytes = snapshot.counters.peakBytes
        peak.upperBound = max(snapshot.counters.peakUpperBound, snapshot.counters.peakBytes)
        peak.accuracy = peak.bytes == peak.upperBound ? accuracy : .estimated
        peak.time = snapshot.counters.peakTime
        peak.holders = holders
        return peak
    }

    private func temporaries(_ totals: AllocationTotals, callSites: [Report.CallSite]) -> Report.Temporaries {
        var temporaries = Report.Temporaries()
        temporaries.accuracy = accuracy
        temporaries.blocks = totals.temporaries
        temporaries.bytes = totals.temporaryBytes
        let isMean = snapshot.sites.contains { $0.hasMixedSizes && $0.temporaries > 0 }
        temporaries.bytesAccuracy = isMean ? .estimated : accuracy
        temporaries.callSites = callSites
        return temporaries
    }
}

extension Report.CallTree.Node.Kind {
    fileprivate init(_ kind: CallNode.Kind) {
        switch kind {
        case .frame: self = .frame
        case .async: self = .async
        case .creation: self = .creation
        }
    }
}

internal import MemScopeAnalysis
internal import MemScopeModel

/// What the section about retains and releases says of types.
extension ReportBuilder {
    /// Those with most retains and releases first. The stacks that references are left of stand with the types that have most
    /// such references besides those that objects begin with.
    func retainedTypes() -> [Report.RetainLedger.TypeRow] {
        let ledger = snapshot.ledger
        let left = Dictionary(grouping: ledger.unmatched, by: \.type)
        var leaders = Ranking(limit: options.maximumLedgerObjects)
        for (type, references) in left {
            let retained = references.reduce(0) { $0 + ($1.isOrigin ? 0 : $1.count) }
            leaders.offer(retained + 1, of: type)
        }
        let listed = Set(leaders.indices())
        // What was lost may be any type's, and of a sample it is not known what the others did.
        let missing = ledger.lost + ledger.objectsLost + ledger.typesLost + ledger.referencesLost + ledger.unmatchedLost
        let isPartial = missing > 0 || ledger.oneObjectOf > 1
        return ledger.types.sorted { ($0.retains + $0.releases, $1.type) > ($1.retains + $1.releases, $0.type) }
            .prefix(options.maximumTypes).map { type in
                let references = left[type.type] ?? []
                let unmatched = listed.contains(type.type) ? rows(of: references) : []
                let isDoubtful = type.unseen > 0 || type.differs || isPartial
                return Report.RetainLedger.TypeRow(
                    name: snapshot.types[type.type].name, objects: type.objects, retains: type.retains,
                    releases: type.releases, balance: type.held, peakStrong: type.peak, threads: type.involved.threads,
                    tasks: type.involved.tasks, involvedAccuracy: type.involved.accuracy,
                    accuracy: isDoubtful ? .estimated : accuracy, unmatched: unmatched,
                    unlisted: references.reduce(0) { $0 + $1.count } - unmatched.reduce(0) { $0 + $1.count })
            }
    }

    private func rows(of left: [LedgerUnmatched]) -> [Report.RetainLedger.TypeRow.Unmatched] {
        func rank(_ each: LedgerUnmatched) -> (Int, UInt64, Int) { (each.isOrigin ? 0 : 1, each.count, -each.site) }
        return left.sorted { rank($0) > rank($1) }.prefix(options.maximumUnmatchedStacks).map { each in
            Report.RetainLedger.TypeRow.Unmatched(
                count: each.count, kind: each.isOrigin ? "origin" : "retain", stack: frames(ofSite: each.site))
        }
    }
}

extension LedgerInvolvement {
    /// How far its figures can be trusted.
    var accuracy: Report.Accuracy { hasMoreThreads || hasMoreTasks ? .estimated : .exact }
}

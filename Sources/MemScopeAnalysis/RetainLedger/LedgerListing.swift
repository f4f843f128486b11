package import MemScopeModel

/// Which objects of a retain ledger are worth a row, and in which order.
package struct LedgerListing: Sendable {
    /// Indices into ``RetainLedger/objects``: those that leaked, then those that many threads share, then by how many
    /// retains and releases they had.
    package let objects: [Int]

    /// Chooses the objects that lead by any of: leaked, threads, how far their count swings, places that hold references,
    /// events; and one of each type. About linear.
    /// - Parameters:
    ///   - ledger: The ledger.
    ///   - thresholds: What counts as shared by many.
    ///   - limit: How many objects are chosen by each figure.
    package init(_ ledger: RetainLedger, thresholds: LedgerThresholds, limit: Int) {
        var chosen: Set<Int> = []
        let figures: [(LedgerObject) -> UInt64] = [
            { $0.isLeaked ? 1 + UInt64($0.held) : 0 },
            { $0.involved.threads >= thresholds.contendedThreads ? $0.events : 0 },
            { $0.peak > $0.lowest ? UInt64($0.peak - $0.lowest) : 0 },
            { $0.hasEnded ? 0 : UInt64($0.references.count) },
            \.events,
        ]
        for figure in figures {
            var ranking = Ranking(limit: limit)
            for (index, object) in ledger.objects.enumerated() { ranking.offer(figure(object), of: index) }
            chosen.formUnion(ranking.indices())
        }
        // Of each type one object stands for the others, so that a type with few events has its row beside one with many.
        var ofType: [Int?: Int] = [:]
        for (index, object) in ledger.objects.enumerated() where !object.hasEnded {
            if let best = ofType[object.type], ledger.objects[best].held >= object.held { continue }
            ofType[object.type] = index
        }
        var ranking = Ranking(limit: limit)
        for index in ofType.values.sorted() { ranking.offer(ledger.objects[index].events, of: index) }
        chosen.formUnion(ranking.indices())
        func rank(_ index: Int) -> (Int, Int, UInt64) {
            let object = ledger.objects[index]
            return (
                object.isLeaked ? 1 : 0, object.involved.threads >= thresholds.contendedThreads ? 1 : 0, object.events
            )
        }
        objects = chosen.sorted { first, second in
            let (one, other) = (rank(first), rank(second))
            return one == other ? first < second : one > other
        }
    }
}

extension LedgerObject {
    /// Retains and releases together.
    package var events: UInt64 { retains + releases }
}

extension Report {
    /// Every call tree node that some row points at.
    var callSiteNodes: [Int] {
        [callSites, peak.holders, temporaries.callSites].joined().map(\.node) + leaks.groups.map(\.node)
            + (ownership?.shared.map(\.node) ?? [])
            + growth.map(\.node) + boundaries.map(\.node) + inferences.map(\.node)
            + retainLedger.sites.map(\.node)
    }

    /// Renumbers the call tree nodes that rows point at.
    mutating func mapCallSiteNodes(_ map: (Int) -> Int) {
        for index in callSites.indices { callSites[index].node = map(callSites[index].node) }
        for index in peak.holders.indices { peak.holders[index].node = map(peak.holders[index].node) }
        for index in temporaries.callSites.indices {
            temporaries.callSites[index].node = map(temporaries.callSites[index].node)
        }
        if let shared = ownership?.shared {
            for index in shared.indices { ownership?.shared[index].node = map(shared[index].node) }
        }
        for index in growth.indices { growth[index].node = map(growth[index].node) }
        for index in boundaries.indices { boundaries[index].node = map(boundaries[index].node) }
        for index in inferences.indices { inferences[index].node = map(inferences[index].node) }
        for index in leaks.groups.indices { leaks.groups[index].node = map(leaks.groups[index].node) }
        for index in retainLedger.sites.indices {
            retainLedger.sites[index].node = map(retainLedger.sites[index].node)
        }
    }
}

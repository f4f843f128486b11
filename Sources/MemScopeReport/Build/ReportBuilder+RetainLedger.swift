internal import MemScopeAnalysis
internal import MemScopeModel

/// The section about retains and releases.
extension ReportBuilder {
    /// As deep as a stack is written.
    private static var framesPerStack: Int { 64 }

    /// The section; the nodes of its sites are the snapshot's, which only the call tree can map.
    func retainLedger() -> Report.RetainLedger {
        let ledger = snapshot.ledger
        let thresholds = LedgerThresholds()
        var section = Report.RetainLedger()
        section.state = ledger.state.key
        section.sentence = sentence(on: ledger)
        section.selection = ledger.selection
        section.thresholds.stormEventsPerSecond = thresholds.stormEventsPerSecond
        section.thresholds.contendedThreads = thresholds.contendedThreads
        guard ledger.state == .on else { return section }
        section.accuracy = accuracy(of: ledger)
        section.retains = ledger.retains
        section.releases = ledger.releases
        section.coverage = coverage(of: ledger)
        section.types = retainedTypes()
        let listing = LedgerListing(ledger, thresholds: thresholds, limit: options.maximumLedgerObjects)
        section.objects = listing.objects.map { row(of: ledger.objects[$0], thresholds) }
        section.sites = retainSites(thresholds, section.accuracy)
        return section
    }

    private func sentence(on ledger: RetainLedger) -> String {
        switch ledger.state {
        case .off:
            "Retains and releases were not recorded: ask for it with memscope run --ownership SELECTION "
                + "or MEMSCOPE_OWNERSHIP."
        case .declined: "No retains and releases were recorded. \(ledger.complaint)"
        case .on:
            "Retains and releases of the objects selected by \(ledger.selection), from their first on."
                + (ledger.oneObjectOf > 1
                    ? " Figures are those of the sample; only what makes a storm is judged by \(ledger.oneObjectOf) times as much."
                    : "")
        }
    }

    private func coverage(of ledger: RetainLedger) -> Report.RetainLedger.Coverage {
        let seen = ledger.retains + ledger.releases
        let unseen = ledger.unseenRetains + ledger.unseenReleases + ledger.lost
        var coverage = Report.RetainLedger.Coverage()
        coverage.share = seen + unseen > 0 ? Double(seen) / Double(seen + unseen) : nil
        var sentences = [
            "\(unseen) of \(seen + unseen) retains and releases of the objects went by unseen, by what their counts tell; "
                + "pairs of which neither was seen are in no figure."
        ]
        if ledger.ofOthers > 0 {
            sentences.append(
                "\(ledger.ofOthers) were of objects that cannot be followed: static, on a stack, or from before "
                    + "tracking.")
        }
        if ledger.objectsLost > 0 { sentences.append("Objects found no room \(ledger.objectsLost) times.") }
        if ledger.typesLost > 0 { sentences.append("The types of \(ledger.typesLost) objects found no room.") }
        if ledger.unlistedObjects > 0 {
            sentences.append(
                "\(ledger.unlistedObjects) of the \(ledger.liveObjects) objects that are there were not looked at one by one: "
                    + "they had the fewest retains and releases, and count by type and by place.")
        }
        if ledger.unmatchedLost > 0 {
            sentences.append("\(ledger.unmatchedLost) unmatched retains found no room in the sums by type.")
        }
        if ledger.referencesLost > 0 {
            sentences.append("The stacks of \(ledger.referencesLost) retains found no room.")
        }
        coverage.sentence = sentences.joined(separator: " ")
        return coverage
    }

    private func row(of object: LedgerObject, _ thresholds: LedgerThresholds) -> Report.RetainLedger.ObjectRow {
        Report.RetainLedger.ObjectRow(
            address: "0x" + String(object.address, radix: 16),
            type: object.type.map { snapshot.types[$0].name } ?? "untyped",
            name: object.hasEnded ? nil : snapshot.name(at: object.address), hasEnded: object.hasEnded,
            isLeaked: object.isLeaked, retains: object.retains, releases: object.releases, balance: object.held,
            peakStrong: object.peak, lowestStrong: object.lowest, threads: object.involved.threads,
            tasks: object.involved.tasks, involvedAccuracy: object.involved.accuracy,
            isContended: object.involved.threads >= thresholds.contendedThreads,
            accuracy: object.unseen > 0 || object.differs || snapshot.ledger.lost > 0 ? .estimated : .exact,
            unmatched: snapshot.ledger.references(of: object).map { reference in
                Report.RetainLedger.ObjectRow.Unmatched(
                    count: reference.count, kind: reference.isOrigin ? "origin" : "retain",
                    stack: frames(ofSite: reference.place.site), task: reference.place.task.map(UInt64.init),
                    thread: snapshot.threads[reference.place.thread].tid)
            })
    }

    /// The frames of a stack, innermost first.
    func frames(ofSite site: Int) -> [Report.Frame] {
        let modules = ModuleMap(snapshot.modules)
        var frames: [Report.Frame] = []
        var next = snapshot.sites[site].node
        while next > 0, frames.count < Self.framesPerStack {
            let address = snapshot.nodes[next].address
            let named = address < names.addresses.count ? names.addresses[address].frames : []
            frames += named.isEmpty ? [modules.frame(for: snapshot.addresses[address])] : named
            next = snapshot.nodes[next].parent
        }
        return frames
    }

    private func accuracy(of ledger: RetainLedger) -> Report.Accuracy {
        let unseen = ledger.unseenRetains + ledger.unseenReleases + ledger.lost
        let lost = ledger.objectsLost + ledger.typesLost + ledger.referencesLost + ledger.unmatchedLost
        return unseen + lost == 0 && ledger.oneObjectOf == 1 ? accuracy : .estimated
    }

    private func retainSites(_ thresholds: LedgerThresholds, _ accuracy: Report.Accuracy) -> [Report.RetainLedger.Site]
    {
        var traffic: [Report.Frame: (sum: RetainTraffic, node: Int, most: UInt64)] = [:]
        for site in snapshot.ledger.sites {
            let node = snapshot.sites[site.site].node
            var frame = programFrame(of: node) ?? Report.Frame(function: "(no stack)")
            frame.isInlined = false
            var place = traffic[frame] ?? (RetainTraffic(), node, 0)
            place.sum.add(site)
            if site.retains + site.releases > place.most {
                place.most = site.retains + site.releases
                place.node = node
            }
            traffic[frame] = place
        }
        return traffic.sorted { ($0.value.sum.events, $1.value.node) > ($1.value.sum.events, $0.value.node) }
            .prefix(options.maximumCallSites).map { frame, place in
                Report.RetainLedger.Site(
                    frame: frame, retains: place.sum.retains, releases: place.sum.releases,
                    eventsPerSecond: place.sum.eventsPerSecond,
                    isStorm: place.sum.eventsPerSecond
                        >= thresholds.stormEvents(ofOneObjectIn: snapshot.ledger.oneObjectOf),
                    node: place.node, accuracy: accuracy)
            }
    }
}

extension RetainLedger.State {
    fileprivate var key: String {
        switch self {
        case .off: "off"
        case .on: "on"
        case .declined: "declined"
        }
    }
}

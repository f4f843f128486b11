/// Tasks, the runs of scopes, and what threads hand each other.
extension CaptureDecoder {
    mutating func decodeTaskSites() throws(CaptureError) {
        let nodes = snapshot.nodes.count
        var finished = CaptureSum()
        var there = CaptureSum()
        snapshot.taskSites = try elements(.taskSites) { (section, element) throws(CaptureError) in
            let number = section.u32(element, 4)
            guard let kind = UInt8(exactly: number).flatMap(TaskSite.Kind.init(rawValue:)) else {
                throw .damaged("task site \(element) is of kind \(number), which is unknown")
            }
            let node = try index(section.u32(element, 0), below: max(nodes, 1), "task site \(element)")
            var site = TaskSite(node: node, kind: kind)
            site.there.unknown = section.u64(element, 8)
            site.there.running = section.u64(element, 16)
            site.there.enqueued = section.u64(element, 24)
            site.there.suspended = section.u64(element, 32)
            site.there.complete = section.u64(element, 40)
            for offset in stride(from: 8, through: 40, by: 8) { try there.add(section.u64(element, offset), "tasks") }
            site.finished = section.u64(element, 48)
            site.finishedMilliseconds = section.u64(element, 56)
            site.largestPeakBytes = section.u64(element, 64)
            site.largestAllocatedBytes = section.u64(element, 72)
            try finished.add(site.finished, "finished tasks")
            return site
        }
    }

    mutating func decodeTasks() throws(CaptureError) {
        let sites = snapshot.taskSites.count
        let scopes = snapshot.scopes.count
        let section = layout[.tasks]
        for element in 0..<section.count {
            let owner = "task \(element)"
            var task = TrackedTask(
                id: section.u64(element, 0), site: try optionalIndex(section.u32(element, 16), below: sites, owner))
            task.parentID = section.u64(element, 8)
            task.name = try strings.text(section.u32(element, 20), of: owner)
            task.state = TrackedTask.State(rawValue: UInt8(truncatingIfNeeded: section.u32(element, 24))) ?? .unknown
            task.priority = Int(section.u32(element, 28))
            task.firstSeen = UInt64(section.u32(element, 32))
            task.lastSeen = UInt64(section.u32(element, 36))
            task.scope = try optionalIndex(section.u32(element, 40), below: scopes, owner)
            task.hasOutlivedScope = section.u32(element, 44) & 1 != 0
            task.slabBytes = section.u64(element, 48)
            task.peakBytes = section.u64(element, 56)
            task.allocations = section.u64(element, 64)
            task.frees = section.u64(element, 72)
            task.temporaries = section.u64(element, 80)
            task.allocatedBytes = section.u64(element, 88)
            task.freedBytes = section.u64(element, 96)
            guard task.frees <= task.allocations, task.freedBytes <= task.allocatedBytes else {
                throw .damaged("\(owner) freed more than it allocated")
            }
            snapshot.tasks.append(task)
        }
    }

    mutating func decodeScopeRuns() throws(CaptureError) {
        let scopes = snapshot.scopes.count
        snapshot.scopeRuns = try elements(.scopeRuns) { (section, element) throws(CaptureError) in
            func distribution(_ offset: Int) -> ScopeRuns.Distribution {
                ScopeRuns.Distribution(
                    sum: section.u64(element, offset), median: section.u64(element, offset + 8),
                    percentile95: section.u64(element, offset + 16), largest: section.u64(element, offset + 24))
            }
            let ended = section.u64(element, 8)
            guard ended > 0 else { throw .damaged("scope runs \(element) are none") }
            return ScopeRuns(
                scope: try index(section.u32(element, 0), below: scopes, "scope runs \(element)"), ended: ended,
                allocations: distribution(16), allocatedBytes: distribution(48), retainedBytes: distribution(80))
        }
    }

    mutating func decodeHandovers() throws(CaptureError) {
        let threads = snapshot.threads.count
        var bytes = CaptureSum()
        snapshot.handovers = try elements(.handovers) { (section, element) throws(CaptureError) in
            try bytes.add(section.u64(element, 16), "bytes of all handovers")
            return ThreadHandover(
                allocatedBy: try index(section.u32(element, 0), below: threads, "handover \(element)"),
                freedBy: try index(section.u32(element, 4), below: threads, "handover \(element)"),
                frees: section.u64(element, 8), bytes: section.u64(element, 16))
        }
    }

    mutating func decodeLeakChecks() throws(CaptureError) {
        let scopes = snapshot.scopes.count
        snapshot.leakChecks = try elements(.leakChecks) { (section, element) throws(CaptureError) in
            for offset in stride(from: 8, to: 40, by: 8) where section.u64(element, offset) > UInt64(Int64.max) {
                throw .damaged("the leak checks of scope \(element) have an impossible figure")
            }
            return ScopeLeakChecks(
                scope: try index(section.u32(element, 0), below: scopes, "leak checks \(element)"),
                runs: section.u64(element, 8), leakingRuns: section.u64(element, 16), blocks: section.u64(element, 24),
                bytes: section.u64(element, 32))
        }
    }
}

/// Threads, scopes, contexts, and what lives or died in them.
extension CaptureDecoder {
    mutating func decodeThreads() throws(CaptureError) {
        let section = layout[.threads]
        for element in 0..<section.count {
            snapshot.threads.append(
                TrackedThread(
                    tid: Int(section.u32(element, 0)),
                    name: try strings.text(section.u32(element, 4), of: "thread \(element)"),
                    hasExited: section.u32(element, 8) & 1 != 0, peakBytes: section.u64(element, 16)))
        }
    }

    mutating func decodeScopes() throws(CaptureError) {
        let section = layout[.scopes]
        for element in 0..<section.count {
            snapshot.scopes.append(
                ScopePath(
                    parent: try optionalIndex(section.u32(element, 0), below: element, "scope \(element)"),
                    name: try strings.text(section.u32(element, 4), of: "scope \(element)"),
                    entries: section.u64(element, 8)))
        }
    }

    mutating func decodeContexts() throws(CaptureError) {
        let threads = snapshot.threads.count
        let scopes = snapshot.scopes.count
        let taskSites = snapshot.taskSites.count
        var allocations = CaptureSum()
        var temporaries = CaptureSum()
        var bytes = CaptureSum()
        snapshot.contexts = try elements(.contexts) { (section, element) throws(CaptureError) in
            let context = AllocationContext(
                thread: try index(section.u32(element, 0), below: threads, "context \(element)"),
                scope: try optionalIndex(section.u32(element, 4), below: scopes, "context \(element)"),
                taskSite: try optionalIndex(section.u32(element, 8), below: taskSites, "context \(element)"),
                allocations: section.u64(element, 16), frees: section.u64(element, 24),
                temporaries: section.u64(element, 32), allocatedBytes: section.u64(element, 40),
                freedBytes: section.u64(element, 48))
            guard context.frees <= context.allocations, context.freedBytes <= context.allocatedBytes else {
                throw .damaged("context \(element) freed more than it allocated")
            }
            try allocations.add(context.allocations, "allocations of all contexts")
            try temporaries.add(context.temporaries, "temporaries of all contexts")
            try bytes.add(context.allocatedBytes, "bytes of all contexts")
            return context
        }
    }

    mutating func decodeLiveGroups() throws(CaptureError) {
        let sites = snapshot.sites.count
        let contexts = snapshot.contexts.count
        let types = snapshot.types.count
        var blocks = CaptureSum()
        var bytes = CaptureSum()
        snapshot.liveGroups = try elements(.liveGroups) { (section, element) throws(CaptureError) in
            let group = LiveGroup(
                site: try index(section.u32(element, 0), below: sites, "live group \(element)"),
                context: try index(section.u32(element, 4), below: contexts, "live group \(element)"),
                type: try optionalIndex(section.u32(element, 8), below: types, "live group \(element)"),
                blocks: section.u64(element, 16), bytes: section.u64(element, 24))
            try blocks.add(group.blocks, "blocks of all live groups")
            try bytes.add(group.bytes, "bytes of all live groups")
            return group
        }
    }

    mutating func decodeFreedTypes() throws(CaptureError) {
        let sites = snapshot.sites.count
        let types = snapshot.types.count
        var frees = CaptureSum()
        var bytes = CaptureSum()
        snapshot.freedTypes = try elements(.freedTypes) { (section, element) throws(CaptureError) in
            let freed = FreedType(
                site: try index(section.u32(element, 0), below: sites, "freed type \(element)"),
                type: try index(section.u32(element, 4), below: types, "freed type \(element)"),
                frees: section.u64(element, 8), bytes: section.u64(element, 16))
            try frees.add(freed.frees, "frees of all freed types")
            try bytes.add(freed.bytes, "bytes of all freed types")
            return freed
        }
    }

    mutating func decodeTimeline() throws(CaptureError) {
        snapshot.timeline = try elements(.timeline) { (section, element) throws(CaptureError) in
            for offset in stride(from: 0, to: 48, by: 8) where section.u64(element, offset) > UInt64(Int64.max) {
                throw .damaged("timeline sample \(element) has an impossible figure")
            }
            return TimelineSample(
                time: section.u64(element, 0), liveBytes: section.u64(element, 8),
                liveBlocks: section.u64(element, 16), allocations: section.u64(element, 24),
                allocatedBytes: section.u64(element, 32), residentBytes: section.u64(element, 40))
        }
        let section = layout[.marks]
        for element in 0..<section.count {
            snapshot.marks.append(
                TimelineMark(
                    time: section.u64(element, 0),
                    name: try strings.text(section.u32(element, 8), of: "mark \(element)"),
                    liveBytes: section.u64(element, 16), liveBlocks: section.u64(element, 24)))
        }
    }
}

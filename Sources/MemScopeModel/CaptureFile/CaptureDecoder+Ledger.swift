/// The retain ledger.
extension CaptureDecoder {
    mutating func decodeLedger() throws(CaptureError) {
        try decodeLedgerReferences()
        try decodeLedgerObjects()
        let sites = snapshot.sites.count
        let types = snapshot.types.count
        var events = CaptureSum()
        snapshot.ledger.sites = try elements(.ledgerSites) { (section, element) throws(CaptureError) in
            try events.add(section.u64(element, 8), "retains of all stacks")
            try events.add(section.u64(element, 16), "releases of all stacks")
            return LedgerSite(
                site: try index(section.u32(element, 0), below: sites, "ledger site \(element)"),
                retains: section.u64(element, 8), releases: section.u64(element, 16),
                busiestSecond: Int(section.u32(element, 4)), inBusiestSecond: UInt64(section.u32(element, 24)))
        }
        events = CaptureSum()
        snapshot.ledger.types = try elements(.ledgerTypes) { (section, element) throws(CaptureError) in
            var type = LedgerType(
                type: try index(section.u32(element, 0), below: types, "ledger type \(element)"))
            type.objects = section.u64(element, 8)
            type.retains = section.u64(element, 16)
            type.releases = section.u64(element, 24)
            type.held = section.u64(element, 32)
            type.peak = Int(section.u32(element, 40))
            let flags = section.u32(element, 4)
            type.involved = involvement(section, element, 44, hasMore: flags)
            type.differs = flags & 4 != 0
            type.unseen = UInt64(section.u32(element, 52))
            try events.add(type.retains, "retains of all types")
            try events.add(type.releases, "releases of all types")
            return type
        }
        events = CaptureSum()
        snapshot.ledger.unmatched = try elements(.ledgerUnmatched) { (section, element) throws(CaptureError) in
            let owner = "unmatched retains \(element)"
            try events.add(section.u64(element, 16), "all unmatched retains")
            return LedgerUnmatched(
                type: try index(section.u32(element, 0), below: types, owner),
                site: try index(section.u32(element, 4), below: sites, owner),
                isOrigin: section.u32(element, 8) & 1 != 0, count: section.u64(element, 16))
        }
    }

    private func involvement(
        _ section: CaptureSection, _ element: Int, _ offset: Int, hasMore: UInt32
    ) -> LedgerInvolvement {
        var involved = LedgerInvolvement()
        involved.threads = Int(section.u32(element, offset))
        involved.tasks = Int(section.u32(element, offset + 4))
        involved.hasMoreThreads = hasMore & 1 != 0
        involved.hasMoreTasks = hasMore & 2 != 0
        return involved
    }

    private mutating func decodeLedgerReferences() throws(CaptureError) {
        snapshot.ledger.references = try elements(.ledgerReferences) { (section, element) throws(CaptureError) in
            LedgerReference(
                place: try place(section, element, 0, "ledger reference \(element)"),
                count: Int(section.u32(element, 12)), isOrigin: section.u32(element, 16) & 1 != 0)
        }
    }

    private mutating func decodeLedgerObjects() throws(CaptureError) {
        let types = snapshot.types.count
        let references = snapshot.ledger.references.count
        var events = CaptureSum()
        var next = 0
        snapshot.ledger.objects = try elements(.ledgerObjects) { (section, element) throws(CaptureError) in
            let owner = "ledger object \(element)"
            var object = LedgerObject(
                address: ~section.u64(element, 0),
                type: try optionalIndex(section.u32(element, 24), below: types, owner),
                origin: try place(section, element, 28, owner))
            object.retains = section.u64(element, 8)
            object.releases = section.u64(element, 16)
            try events.add(object.retains, "retains of all objects")
            try events.add(object.releases, "releases of all objects")
            let flags = section.u32(element, 40)
            object.hasEnded = flags & 1 != 0
            object.isLeaked = flags & 2 != 0
            object.differs = flags & 4 != 0
            object.peak = Int(section.u32(element, 44))
            object.lowest = Int(section.u32(element, 48))
            object.involved = involvement(section, element, 52, hasMore: flags >> 3)
            object.held = Int(section.u32(element, 60))
            object.unseen = Int(section.u32(element, 64))
            object.strong = Int(section.u32(element, 68))
            let count = Int(section.u32(element, 76))
            guard Int(section.u32(element, 72)) == next, next + count <= references else {
                throw .damaged("\(owner) has references that are another's")
            }
            object.references = next..<next + count
            next += count
            return object
        }
        guard next == references else { throw .damaged("\(references - next) references are to no object") }
    }

    private func place(
        _ section: CaptureSection, _ element: Int, _ offset: Int, _ owner: String
    ) throws(CaptureError) -> LedgerPlace {
        let task = section.u32(element, offset + 8)
        return LedgerPlace(
            site: try index(section.u32(element, offset), below: snapshot.sites.count, owner),
            thread: try index(section.u32(element, offset + 4), below: snapshot.threads.count, owner),
            task: task == 0 ? nil : task)
    }
}

/// The retain ledger.
extension CaptureEncoder {
    mutating func encodeLedger(_ snapshot: HeapSnapshot) {
        let ledger = snapshot.ledger
        section(.ledgerObjects, ledger.objects) { _, bytes, object in
            let flags: UInt32 =
                (object.hasEnded ? 1 : 0) | (object.isLeaked ? 2 : 0) | (object.differs ? 4 : 0)
                | object.involved.hasMore << 3
            bytes.u64(~object.address, object.retains, object.releases)
            bytes.u32(
                object.type.plusOne, UInt32(object.origin.site), UInt32(object.origin.thread), object.origin.task ?? 0,
                flags, UInt32(object.peak), UInt32(object.lowest), UInt32(object.involved.threads),
                UInt32(object.involved.tasks), UInt32(object.held), UInt32(object.unseen), UInt32(object.strong),
                UInt32(object.references.lowerBound), UInt32(object.references.count))
        }
        section(.ledgerReferences, ledger.references) { _, bytes, reference in
            let place = reference.place
            bytes.u32(
                UInt32(place.site), UInt32(place.thread), place.task ?? 0, UInt32(reference.count),
                reference.isOrigin ? 1 : 0, 0)
        }
        section(.ledgerTypes, ledger.types) { _, bytes, type in
            bytes.u32(UInt32(type.type), type.involved.hasMore | (type.differs ? 4 : 0))
            bytes.u64(type.objects, type.retains, type.releases, type.held)
            bytes.u32(
                UInt32(type.peak), UInt32(type.involved.threads), UInt32(type.involved.tasks), UInt32(type.unseen))
        }
        section(.ledgerUnmatched, ledger.unmatched) { _, bytes, left in
            bytes.u32(UInt32(left.type), UInt32(left.site), left.isOrigin ? 1 : 0, 0)
            bytes.u64(left.count)
        }
        section(.ledgerSites, ledger.sites) { _, bytes, site in
            bytes.u32(UInt32(site.site), UInt32(site.busiestSecond))
            bytes.u64(site.retains, site.releases)
            bytes.u32(UInt32(site.inBusiestSecond), 0)
        }
    }
}

extension LedgerInvolvement {
    /// Bit 0 for threads, bit 1 for tasks.
    fileprivate var hasMore: UInt32 { (hasMoreThreads ? 1 : 0) | (hasMoreTasks ? 2 : 0) }
}

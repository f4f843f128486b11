package import MemScopeModel

/// Which of an object's references is the one that a holder has.
package struct ReferenceMaker: Sendable {
    private let ledger: RetainLedger
    private let byAddress: [InvertedAddress: Int]

    /// Indexes a ledger's live objects.
    package init(_ ledger: RetainLedger) {
        self.ledger = ledger
        byAddress = Dictionary(
            ledger.objects.enumerated().filter { !$0.element.hasEnded }.map {
                (InvertedAddress(wrappedValue: $0.element.address), $0.offset)
            },
            uniquingKeysWith: { first, _ in first })
    }

    /// The place that made a holder's reference to an object, if the ledger tells.
    ///
    /// An object with one reference left has no other. Of several the one is taken whose stack runs code of the holder's, if
    /// there is only one such.
    /// - Parameters:
    ///   - address: The object's.
    ///   - isHolders: Whether a stack, by its site, runs code of the holder's.
    /// - Returns: The place, `nil` if it cannot be told from others.
    package func place(of address: UInt64, isHolders: (Int) -> Bool) -> LedgerPlace? {
        guard let index = byAddress[InvertedAddress(wrappedValue: address)] else { return nil }
        let object = ledger.objects[index]
        // What went by unseen may be the very one.
        guard object.unseen == 0, !object.differs else { return nil }
        let references = ledger.references(of: object)
        if references.count == 1, let only = references.first, only.count == 1 { return only.place }
        let holders = references.filter { isHolders($0.place.site) }
        return holders.count == 1 ? holders[0].place : nil
    }
}

internal import MemScopeAnalysis
internal import MemScopeModel

/// Tells from the functions between an allocation and the program whether storage was copied because it was shared.
///
/// The names are those of the standard library's own functions, which specialisation and inlining leave as they are. Each
/// address is looked at once.
struct CopyingFunctions {
    /// What the frames of one address say, from the inside up to the program's first.
    private struct Verdict {
        var evidence = CopyEvidence.none
        /// Somebody asked for new storage, and copying is what they wanted.
        var isWanted = false
        var reachesProgram = false
    }

    private let snapshot: HeapSnapshot
    private let verdicts: [Verdict]

    init(_ snapshot: HeapSnapshot, _ names: SnapshotNames) {
        self.snapshot = snapshot
        verdicts = snapshot.addresses.indices.map { address in
            var verdict = Verdict()
            guard address < names.addresses.count else { return verdict }
            for frame in names.addresses[address].frames {
                if !frame.isRuntime {
                    verdict.reachesProgram = true
                    break
                }
                Self.look(at: frame.function, &verdict)
            }
            return verdict
        }
    }

    /// What the stack of a site says.
    func evidence(of site: AllocationSite) -> CopyEvidence {
        var node = site.node
        var evidence = CopyEvidence.none
        while node > 0 {
            let verdict = verdicts[snapshot.nodes[node].address]
            if verdict.isWanted { return .none }
            if evidence != .wasShared, verdict.evidence != .none { evidence = verdict.evidence }
            if verdict.reachesProgram { return evidence }
            node = snapshot.nodes[node].parent
        }
        return .none
    }

    /// Functions that allocate only for storage that is shared.
    private static let copying = [
        "._makeMutableAndUnique()", "._makeUniqueAndReserveCapacityIfNotUnique()", "_NativeDictionary.copy()",
        "_NativeSet.copy()", "._consumeAndCreateNew()",
    ]
    /// Functions that allocate for storage that is shared or full.
    private static let replacing = ["._consumeAndCreateNew(bufferIsUnique:", "._createNewBuffer(bufferIsUnique:"]
    /// Functions that make new storage because that is what they are for.
    private static let making = [
        "reserveCapacity(", ".sorted(", ".map(", "ContiguousArray.", "_copyToContiguousArray", ".filter(", ".init(",
    ]

    private static func look(at function: String, _ verdict: inout Verdict) {
        if making.contains(where: function.contains) {
            if !function.contains("_ContiguousArrayBuffer.") { verdict.isWanted = true }
        } else if copying.contains(where: function.contains) {
            verdict.evidence = .wasShared
        } else if verdict.evidence == .none, replacing.contains(where: function.contains) {
            verdict.evidence = .wasSharedOrFull
        }
    }
}

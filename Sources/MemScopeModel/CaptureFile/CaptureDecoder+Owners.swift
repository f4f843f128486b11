/// What changed from note to note by context.
extension CaptureDecoder {
    mutating func decodeOwnerChanges() throws(CaptureError) {
        let contexts = snapshot.contexts.count
        // Number 0 is nobody, number 1 whoever found no number.
        let owners = try elements(.owners) { (section, element) throws(CaptureError) in
            try optionalIndex(section.u32(element, 0), below: contexts, "owner \(element)")
        }
        var reader = CaptureNumbers(layout[.ownerChanges])
        guard reader.left > 0 else { return }
        var sums = [OwnerChange](
            repeating: OwnerChange(context: nil, allocations: 0, frees: 0, allocatedBytes: 0, freedBytes: 0),
            count: owners.count)
        for note in snapshot.history.notes.indices {
            let count = try reader.next()
            guard count <= UInt64(reader.left) else { throw .damaged("note \(note) has more owners than there are") }
            var number = 0
            for _ in 0..<count {
                let head = try reader.next()
                guard head & 1 == 1, head > 1, head >> 1 < UInt64(owners.count - number) else {
                    throw .damaged("a change is of an owner that is not there")
                }
                number += Int(head >> 1)
                let change = OwnerChange(
                    context: owners[number], allocations: try reader.next(), frees: try reader.next(),
                    allocatedBytes: try reader.next(), freedBytes: try reader.next())
                try add(change, to: &sums[number], owner: number)
                snapshot.history.ownerChanges.append(change)
            }
            snapshot.history.notes[note].ownersEnd = snapshot.history.ownerChanges.count
        }
        guard reader.left == 0 else { throw .damaged("\(reader.left) bytes of owners' changes are no note's") }
    }

    /// A context's changes never exceed what it has, and none frees more than it allocated so far.
    private func add(
        _ change: OwnerChange, to sum: inout OwnerChange, owner: Int
    ) throws(CaptureError) {
        let most = change.context.map { snapshot.contexts[$0] }
        let (allocations, bytes) = (most?.allocations ?? 1 << 62, most?.allocatedBytes ?? 1 << 62)
        guard change.allocations <= allocations - sum.allocations, change.allocatedBytes <= bytes - sum.allocatedBytes
        else { throw .damaged("owner \(owner) changed by more than it has") }
        sum.allocations += change.allocations
        sum.allocatedBytes += change.allocatedBytes
        guard change.frees <= sum.allocations - sum.frees, change.freedBytes <= sum.allocatedBytes - sum.freedBytes
        else { throw .damaged("owner \(owner) freed more than it had") }
        sum.frees += change.frees
        sum.freedBytes += change.freedBytes
    }
}

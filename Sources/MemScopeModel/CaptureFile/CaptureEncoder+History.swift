/// What changed from note to note.
extension CaptureEncoder {
    mutating func encodeHistory(_ snapshot: HeapSnapshot) {
        let history = snapshot.history
        let lists = history.notes.indices.map { note in
            var list = CaptureBytes()
            var last = 0
            for change in history.changes(of: note) {
                // Tests encode what no writer would, so nothing here is relied on.
                let isMixed = snapshot.sites.indices.contains(change.site) && snapshot.sites[change.site].hasMixedSizes
                let distance = UInt64(bitPattern: Int64(change.site - last))
                list.numbers(distance << 1 | (isMixed ? 1 : 0), change.allocations, change.frees)
                if isMixed { list.numbers(change.allocatedBytes, change.freedBytes) }
                last = change.site
            }
            return list.bytes
        }
        section(.historyNotes, history.notes.indices) { encoder, bytes, index in
            let note = history.notes[index]
            bytes.u64(note.time)
            bytes.u32(encoder.text(note.mark ?? ""), (note.mark != nil ? 1 : 0) | (note.isHeld ? 2 : 0))
            bytes.u64(UInt64(history.changes(of: index).count), UInt64(lists[index].count))
        }
        section(.historyChanges, Array(lists.joined())) { _, bytes, byte in bytes.u8(byte) }
        if !history.ownerChanges.isEmpty { encodeOwnerChanges(snapshot) }
    }

    // Contexts are numbered from 2; 1 is what found no number.
    private mutating func encodeOwnerChanges(_ snapshot: HeapSnapshot) {
        let history = snapshot.history
        section(.owners, 0..<snapshot.contexts.count + 2) { _, bytes, owner in bytes.u32(UInt32(max(owner - 1, 0))) }
        var list = CaptureBytes()
        for note in history.notes.indices {
            let changes = history.ownerChanges(of: note)
            list.numbers(UInt64(changes.count))
            var last = 0
            for change in changes {
                let number = change.context.map { $0 + 2 } ?? 1
                list.numbers(
                    UInt64(bitPattern: Int64(number - last)) << 1 | 1, change.allocations, change.frees,
                    change.allocatedBytes, change.freedBytes)
                last = number
            }
        }
        section(.ownerChanges, list.bytes) { _, bytes, byte in bytes.u8(byte) }
    }
}

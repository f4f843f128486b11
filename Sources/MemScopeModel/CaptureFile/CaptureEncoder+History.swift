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
    }
}

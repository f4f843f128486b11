/// What changed from note to note.
extension CaptureDecoder {
    /// A site's sums over the notes so far.
    private struct Sum {
        var allocations: UInt64 = 0
        var frees: UInt64 = 0
        var allocatedBytes: UInt64 = 0
        var freedBytes: UInt64 = 0
    }

    mutating func decodeHistory() throws(CaptureError) {
        let section = layout[.historyNotes]
        var reader = CaptureNumbers(layout[.historyChanges])
        var sums = [Sum](repeating: Sum(), count: section.count > 0 ? snapshot.sites.count : 0)
        var allBytes = CaptureSum()
        for element in 0..<section.count {
            let time = section.u64(element, 0)
            let name = try strings.text(section.u32(element, 8), of: "note \(element)")
            let flags = section.u32(element, 12)
            guard time >= snapshot.history.notes.last?.time ?? 0, time <= UInt64(Int64.max) else {
                throw .damaged("note \(element) is out of order")
            }
            guard section.u64(element, 24) <= UInt64(reader.left), section.u64(element, 16) <= UInt64(reader.left)
            else {
                throw .damaged("note \(element) has more changes than there are")
            }
            let left = reader.left - Int(section.u64(element, 24))
            var site = 0
            for _ in 0..<section.u64(element, 16) {
                site = try decodeChange(after: site, &reader, &sums, &allBytes)
            }
            guard reader.left == left else { throw .damaged("the changes of note \(element) are of another length") }
            snapshot.history.notes.append(
                HistoryNote(
                    time: time, mark: flags & 1 != 0 ? name : nil, isHeld: flags & 2 != 0,
                    end: snapshot.history.changes.count))
        }
        guard reader.left == 0 else { throw .damaged("\(reader.left) bytes of changes are no note's") }
    }

    private mutating func decodeChange(
        after last: Int, _ reader: inout CaptureNumbers, _ sums: inout [Sum], _ allBytes: inout CaptureSum
    ) throws(CaptureError) -> Int {
        let head = try reader.next()
        let distance = head >> 1
        guard distance > 0, distance < UInt64(snapshot.sites.count - last) else {
            throw .damaged("a change is of a site that is not there")
        }
        let index = last + Int(distance)
        let site = snapshot.sites[index]
        var change = SiteChange(
            site: index, allocations: try reader.next(), frees: try reader.next(), allocatedBytes: 0, freedBytes: 0)
        guard change.allocations <= site.allocations - sums[index].allocations,
            change.frees <= sums[index].allocations + change.allocations - sums[index].frees
        else { throw .damaged("site \(index) changed by more than it has") }
        guard site.hasMixedSizes == (head & 1 == 1) else {
            throw .damaged("a change of site \(index) has other figures than the site")
        }
        if site.hasMixedSizes {
            change.allocatedBytes = try reader.next()
            change.freedBytes = try reader.next()
        } else {
            let (allocated, overflow) = change.allocations.multipliedReportingOverflow(by: site.size)
            let (freed, otherOverflow) = change.frees.multipliedReportingOverflow(by: site.size)
            guard !overflow, !otherOverflow else { throw .damaged("site \(index) changed by more than there is") }
            change.allocatedBytes = allocated
            change.freedBytes = freed
        }
        try allBytes.add(change.allocatedBytes, "bytes of all changes")
        sums[index].allocations += change.allocations
        sums[index].frees += change.frees
        sums[index].allocatedBytes += change.allocatedBytes
        guard change.freedBytes <= sums[index].allocatedBytes - sums[index].freedBytes else {
            throw .damaged("site \(index) freed more bytes than it had")
        }
        sums[index].freedBytes += change.freedBytes
        snapshot.history.changes.append(change)
        return index
    }
}

/// Runs of scopes and captures with their times.
extension CaptureDecoder {
    mutating func decodeEvents() throws(CaptureError) {
        let scopes = snapshot.scopes.count
        snapshot.scopeEvents = try elements(.scopeEvents) { (section, element) throws(CaptureError) in
            let begin = section.u64(element, 8)
            let end = section.u64(element, 16)
            guard begin <= end, end <= UInt64(Int64.max) else {
                throw .damaged("scope event \(element) ends before it begins")
            }
            for offset in stride(from: 24, to: 48, by: 8) where section.u64(element, offset) > UInt64(Int64.max) {
                throw .damaged("scope event \(element) has an impossible figure")
            }
            let isOpen = section.u32(element, 4) & 1 != 0
            return ScopeEvent(
                scope: try index(section.u32(element, 0), below: scopes, "scope event \(element)"), begin: begin,
                end: end,
                figures: isOpen
                    ? nil
                    : ScopeEvent.Figures(
                        allocations: section.u64(element, 24), allocatedBytes: section.u64(element, 32),
                        retainedBytes: section.u64(element, 40)))
        }
        let section = layout[.captureEvents]
        for element in 0..<section.count {
            for offset in stride(from: 0, to: 24, by: 8) where section.u64(element, offset) > UInt64(Int64.max) {
                throw .damaged("capture event \(element) has an impossible figure")
            }
            snapshot.captureEvents.append(
                CaptureEvent(
                    time: section.u64(element, 0), liveBytes: section.u64(element, 8),
                    liveBlocks: section.u64(element, 16),
                    reason: try strings.text(section.u32(element, 24), of: "capture event \(element)"),
                    hasLeakScan: section.u32(element, 28) & 1 != 0))
        }
    }
}

/// What modules freed that others had allocated.
extension CaptureDecoder {
    mutating func decodeCrossings() throws(CaptureError) {
        let sites = snapshot.sites.count
        let modules = snapshot.modules.count
        var frees = CaptureSum()
        var bytes = CaptureSum()
        snapshot.custody.crossings = try elements(.crossings) { (section, element) throws(CaptureError) in
            let owner = "crossing \(element)"
            try frees.add(section.u64(element, 8), "frees of all crossings")
            try bytes.add(section.u64(element, 16), "bytes of all crossings")
            return Custody.Crossing(
                site: try index(section.u32(element, 0), below: sites, owner),
                freedIn: try index(section.u32(element, 4), below: modules, owner),
                frees: section.u64(element, 8), bytes: section.u64(element, 16))
        }
    }

    /// Takes a counter if it is one of custody's.
    mutating func takeCustodyCounter(_ key: String, _ value: UInt64) -> Bool {
        switch key {
        case "custody": snapshot.custody.isOn = value != 0
        case "freedByUnknown": snapshot.custody.freedByUnknown = value
        case "crossingsLost": snapshot.custody.lost = value
        default: return false
        }
        return true
    }
}

/// Addresses, the call trie, types and sites.
extension CaptureDecoder {
    mutating func decodeStacks() throws(CaptureError) {
        snapshot.addresses = try elements(.addresses) { section, element in section.u64(element, 0) }
        let addresses = snapshot.addresses.count
        snapshot.nodes = try elements(.nodes) { (section, element) throws(CaptureError) in
            let parent = Int(section.u32(element, 0))
            let packed = section.u32(element, 4)
            guard let kind = CallNode.Kind(rawValue: UInt8(packed >> 30)) else {
                throw .damaged("call node \(element) is of no known kind")
            }
            let address = Int(packed & 0x3fff_ffff)
            // The root has no address; every other node must have one, and a parent that came before it.
            guard element == 0 ? parent == 0 : parent < element && address < addresses else {
                throw .damaged("call node \(element) has parent \(parent) and address \(address) of \(addresses)")
            }
            return CallNode(parent: parent, address: address, kind: kind)
        }
    }

    mutating func decodeTypes() throws(CaptureError) {
        let section = layout[.types]
        for element in 0..<section.count {
            let name = try strings.text(section.u32(element, 8), of: "type \(element)")
            let number = section.u32(element, 12)
            guard let kind = UInt8(exactly: number).flatMap(HeapType.Kind.init(rawValue:)) else {
                throw .damaged("type \(element) is of kind \(number), which is unknown")
            }
            snapshot.types.append(HeapType(name: name, kind: kind))
        }
    }

    mutating func decodeSites() throws(CaptureError) {
        let nodes = snapshot.nodes.count
        let types = snapshot.types.count
        let modules = snapshot.modules.count
        var allocations = CaptureSum()
        var temporaries = CaptureSum()
        var bytes = CaptureSum()
        var peakBlocks = CaptureSum()
        var peakBytes = CaptureSum()
        snapshot.sites = try elements(.sites) { (section, element) throws(CaptureError) in
            let flags = section.u32(element, 4)
            var site = AllocationSite(
                node: try index(section.u32(element, 0), below: nodes, "site \(element)"),
                size: section.u64(element, 8), hasMixedSizes: flags & 1 != 0, isTruncated: flags & 2 != 0,
                type: try optionalIndex(section.u32(element, 16), below: types, "site \(element)"),
                module: try optionalIndex(section.u32(element, 20), below: modules, "site \(element)"),
                allocations: section.u64(element, 24), frees: section.u64(element, 32),
                temporaries: section.u64(element, 40), allocatedBytes: section.u64(element, 48),
                freedBytes: section.u64(element, 56), peakBlocks: section.u64(element, 64),
                peakBytes: section.u64(element, 72))
            site.hasUnknownModule = flags & 4 != 0
            guard site.frees <= site.allocations, site.freedBytes <= site.allocatedBytes else {
                throw .damaged("site \(element) freed more than it allocated")
            }
            try allocations.add(site.allocations, "allocations of all sites")
            try temporaries.add(site.temporaries, "temporaries of all sites")
            try bytes.add(site.allocatedBytes, "bytes of all sites")
            try peakBlocks.add(site.peakBlocks, "peak blocks of all sites")
            try peakBytes.add(site.peakBytes, "peak bytes of all sites")
            return site
        }
    }
}

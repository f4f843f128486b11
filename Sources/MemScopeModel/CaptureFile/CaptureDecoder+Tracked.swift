/// What the program named.
extension CaptureDecoder {
    mutating func decodeTracked() throws(CaptureError) {
        let names = layout[.trackedNames]
        for element in 0..<names.count {
            let owner = "tracked name \(element)"
            let name = TrackedName(
                name: try strings.text(names.u32(element, 0), of: owner),
                file: try strings.text(names.u32(element, 4), of: owner), line: Int(names.u32(element, 8)),
                blocks: names.u64(element, 16), liveBlocks: names.u64(element, 24))
            guard name.liveBlocks <= name.blocks else { throw .damaged("\(owner) has more live blocks than blocks") }
            snapshot.trackedNames.append(name)
        }
        let count = snapshot.trackedNames.count
        snapshot.trackedBlocks = try elements(.trackedBlocks) { (section, element) throws(CaptureError) in
            TrackedBlock(
                address: ~section.u64(element, 0),
                name: try index(section.u32(element, 8), below: count, "tracked block \(element)"))
        }
        // Whoever looks one up searches by halves.
        snapshot.trackedBlocks.sort { $0.address < $1.address }
    }
}

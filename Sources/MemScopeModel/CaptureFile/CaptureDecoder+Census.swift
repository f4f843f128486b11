/// What live blocks say beside their number.
extension CaptureDecoder {
    mutating func decodeCensus() throws(CaptureError) {
        let types = snapshot.types.count
        var ages = CaptureSum()
        var before = CaptureSum()
        snapshot.census = try elements(.census) { (section, element) throws(CaptureError) in
            let flags = section.u32(element, 4)
            try ages.add(section.u64(element, 8), "ages of all types")
            try before.add(section.u64(element, 16), "earlier bytes of all types")
            return TypeCensus(
                type: try optionalIndex(section.u32(element, 0), below: types, "census row \(element)"),
                ageMilliseconds: flags & 1 != 0 ? section.u64(element, 8) : nil,
                bytesBefore: flags & 2 != 0 ? section.u64(element, 16) : nil)
        }
    }
}

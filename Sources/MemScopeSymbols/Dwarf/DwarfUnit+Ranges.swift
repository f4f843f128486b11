extension DwarfUnit {
    /// The code that an entry covers, from its three attributes; empty for one without code.
    package func coveredRanges(low: DwarfValue?, high: DwarfValue?, ranges: DwarfValue?) -> [Range<UInt64>] {
        if let ranges {
            return version >= 5 ? rangeList(ranges) : oldRangeList(at: ranges.raw)
        }
        guard let start = address(low), let high else { return [] }
        // The end is an address, or a length from the start.
        let end = address(high) ?? start &+ high.raw
        return end > start ? [start..<end] : []
    }

    private func oldRangeList(at offset: UInt64) -> [Range<UInt64>] {
        var result: [Range<UInt64>] = []
        var reader = ByteReader(sections.ranges, at: offset)
        var base = lowAddress
        while !reader.isBroken {
            let start = reader.u64()
            let end = reader.u64()
            if start == 0, end == 0 { break }
            if start == .max {
                base = end
            } else {
                Self.append(base &+ start, base &+ end, to: &result)
            }
        }
        return result
    }

    private func rangeList(_ value: DwarfValue) -> [Range<UInt64>] {
        var offset = value.raw
        if value.form == DwarfForm.rnglistx {
            let width = isWide ? 8 : 4
            var index = ByteReader(sections.rangeLists, at: rangeListsBase &+ value.raw &* UInt64(width))
            offset = rangeListsBase &+ index.unsigned(bytes: width)
            if index.isBroken { return [] }
        }
        var result: [Range<UInt64>] = []
        var reader = ByteReader(sections.rangeLists, at: offset)
        var base = lowAddress
        while !reader.isBroken {
            switch reader.u8() {
            case 1: base = address(atIndex: reader.uleb()) ?? 0
            case 2:
                let start = address(atIndex: reader.uleb())
                let end = address(atIndex: reader.uleb())
                Self.append(start ?? 0, end ?? 0, to: &result)
            case 3:
                let start = address(atIndex: reader.uleb()) ?? 0
                Self.append(start, start &+ reader.uleb(), to: &result)
            case 4:
                let start = reader.uleb()
                Self.append(base &+ start, base &+ reader.uleb(), to: &result)
            case 5: base = reader.u64()
            case 6:
                let start = reader.u64()
                Self.append(start, reader.u64(), to: &result)
            case 7:
                let start = reader.u64()
                Self.append(start, start &+ reader.uleb(), to: &result)
            default: return result
            }
        }
        return result
    }

    private static func append(_ start: UInt64, _ end: UInt64, to ranges: inout [Range<UInt64>]) {
        // Code that the linker dropped is left with an address of 0 or near the top.
        if start > 0, end > start, start < .max - 1 { ranges.append(start..<end) }
    }
}

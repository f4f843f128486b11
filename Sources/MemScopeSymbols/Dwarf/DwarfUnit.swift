/// A compilation unit: its header, the attributes of its own entry, and its shapes once they are needed.
package final class DwarfUnit {
    /// Where the unit starts in `.debug_info`; references inside it count from here.
    package let offset: Int
    /// Where it ends.
    package let end: Int
    /// Where its own entry starts.
    package let firstEntry: Int
    package let version: UInt16
    package let isWide: Bool
    package let sections: DwarfSections

    private let abbreviationOffset: UInt64
    package private(set) var name = ""
    package private(set) var directory = ""
    package private(set) var lineTable: UInt64?
    package private(set) var lowAddress: UInt64 = 0
    /// The code that the unit says it covers.
    package private(set) var ranges: [Range<UInt64>] = []
    /// Whether the entries are in another file.
    package private(set) var isSplit = false
    private var textOffsetsBase: UInt64 = 0
    private var addressBase: UInt64 = 0
    package private(set) var rangeListsBase: UInt64 = 0

    /// The unit's shapes.
    package private(set) lazy var shapes = AbbreviationTable(
        sections.abbreviations, at: abbreviationOffset, isWide: isWide, version: version)

    /// Reads the header at `offset` and the unit's own entry.
    ///
    /// Returns nil for what is no compilation unit; `end` is then where the next header starts, or nil where none can
    /// be found.
    package static func read(_ sections: DwarfSections, at offset: Int) -> (unit: DwarfUnit?, end: Int?) {
        var reader = ByteReader(sections.info, at: offset)
        var length = UInt64(reader.u32())
        let isWide = length == 0xffff_ffff
        if isWide { length = reader.u64() }
        guard !reader.isBroken, let count = Int(exactly: length), count > 0, count <= reader.remaining else {
            return (nil, nil)
        }
        let end = reader.offset + count
        let version = reader.u16()
        guard (2...5).contains(version) else { return (nil, end) }
        var kind: UInt8 = 1
        var addressSize: UInt8 = 8
        if version >= 5 {
            kind = reader.u8()
            addressSize = reader.u8()
        }
        let abbreviations = reader.unsigned(bytes: isWide ? 8 : 4)
        if version < 5 { addressSize = reader.u8() }
        // 1 is a compilation unit, 3 a shared part of some, 4 the stub of one whose entries are elsewhere.
        guard addressSize == 8, [1, 3, 4].contains(kind) else { return (nil, end) }
        if kind == 4 { reader.skip(8) }
        guard !reader.isBroken, reader.offset <= end else { return (nil, end) }
        let unit = DwarfUnit(
            sections, offset: offset, end: end, firstEntry: reader.offset, version: version, isWide: isWide,
            abbreviations: abbreviations)
        unit.readOwnEntry()
        return (unit, end)
    }

    private init(
        _ sections: DwarfSections, offset: Int, end: Int, firstEntry: Int, version: UInt16, isWide: Bool,
        abbreviations: UInt64
    ) {
        self.sections = sections
        self.offset = offset
        self.end = end
        self.firstEntry = firstEntry
        self.version = version
        self.isWide = isWide
        abbreviationOffset = abbreviations
    }

    private func readOwnEntry() {
        // The unit's own shape comes first in nearly all tables; the others are not worth reading yet.
        let first = AbbreviationTable(
            sections.abbreviations, at: abbreviationOffset, isWide: isWide, version: version, limit: 1)
        var reader = ByteReader(sections.info, at: firstEntry)
        let code = reader.uleb()
        let table = first.shape(code) == nil ? shapes : first
        guard let shape = table.shape(code) else { return }
        var values: [UInt64: DwarfValue] = [:]
        for attribute in table.attributes[shape.attributes] {
            values[attribute.name] = DwarfValue.read(
                &reader, form: attribute.form, constant: attribute.constant, isWide: isWide, version: version)
        }
        guard !reader.isBroken else { return }
        // The bases come first: the other values are indexes into what starts there.
        textOffsetsBase = values[DwarfAttribute.textOffsetsBase]?.raw ?? (isWide ? 16 : 8)
        addressBase = values[DwarfAttribute.addressBase]?.raw ?? (isWide ? 16 : 8)
        rangeListsBase = values[DwarfAttribute.rangeListsBase]?.raw ?? 0
        name = text(values[DwarfAttribute.name]) ?? ""
        directory = text(values[DwarfAttribute.directory]) ?? ""
        lineTable = values[DwarfAttribute.lineTable]?.raw
        lowAddress = address(values[DwarfAttribute.lowAddress]) ?? 0
        ranges = coveredRanges(
            low: values[DwarfAttribute.lowAddress], high: values[DwarfAttribute.highAddress],
            ranges: values[DwarfAttribute.ranges])
        // References to compiled modules look like split units as well, but cover no code.
        let splitName = values[DwarfAttribute.splitName] ?? values[DwarfAttribute.oldSplitName]
        isSplit = splitName != nil && !ranges.isEmpty
    }

    /// The text that a value stands for.
    package func text(_ value: DwarfValue?) -> String? {
        guard let value else { return nil }
        var reader: ByteReader
        switch value.form {
        case DwarfForm.string: reader = ByteReader(sections.info, at: value.raw)
        case DwarfForm.strp: reader = ByteReader(sections.texts, at: value.raw)
        case DwarfForm.lineStrp: reader = ByteReader(sections.lineTexts, at: value.raw)
        case DwarfForm.strx, DwarfForm.strx1, DwarfForm.strx2, DwarfForm.strx3, DwarfForm.strx4:
            let width = isWide ? 8 : 4
            var index = ByteReader(sections.textOffsets, at: textOffsetsBase &+ value.raw &* UInt64(width))
            let position = index.unsigned(bytes: width)
            if index.isBroken { return nil }
            reader = ByteReader(sections.texts, at: position)
        default: return nil
        }
        let text = reader.text()
        return reader.isBroken ? nil : text
    }

    /// The code address that a value stands for.
    package func address(_ value: DwarfValue?) -> UInt64? {
        guard let value else { return nil }
        switch value.form {
        case DwarfForm.address: return value.raw
        case DwarfForm.addrx, DwarfForm.addrx1, DwarfForm.addrx2, DwarfForm.addrx3, DwarfForm.addrx4:
            return address(atIndex: value.raw)
        default: return nil
        }
    }

    /// The code address at an index of the unit's address table.
    package func address(atIndex index: UInt64) -> UInt64? {
        var reader = ByteReader(sections.addresses, at: addressBase &+ index &* 8)
        let address = reader.u64()
        return reader.isBroken ? nil : address
    }
}

/// A unit's line table: its files, and a run of its program that stops at the targets.
package struct LineProgram {
    /// What the table says about an address.
    package struct Row: Equatable {
        package var file: UInt64 = 1
        package var line: UInt64 = 1
        package var column: UInt64 = 0
    }

    private let unit: DwarfUnit
    private let files: LineFiles
    private var reader: ByteReader
    private var operandCounts: [UInt8] = []
    private var minimumLength: UInt64 = 1
    private var lineBase: Int64 = 0
    private var lineRange: UInt8 = 1
    private var firstSpecial: UInt8 = 1

    /// Reads the header of the unit's table; nil where the unit has none or it is damaged.
    package init?(_ unit: DwarfUnit) {
        guard let offset = unit.lineTable else { return nil }
        self.unit = unit
        let lines = unit.sections.lines
        var reader = ByteReader(lines, at: offset)
        var length = UInt64(reader.u32())
        let isWide = length == 0xffff_ffff
        if isWide { length = reader.u64() }
        guard !reader.isBroken, let count = Int(exactly: length), count <= reader.remaining else { return nil }
        reader = ByteReader(UnsafeRawBufferPointer(rebasing: lines[..<(reader.offset + count)]), at: reader.offset)
        let version = reader.u16()
        guard (2...5).contains(version) else { return nil }
        if version >= 5 { reader.skip(2) }
        let headerLength = reader.unsigned(bytes: isWide ? 8 : 4)
        let headerStart = reader.offset
        minimumLength = UInt64(reader.u8())
        if version >= 4 { reader.skip(1) }
        reader.skip(1)
        lineBase = Int64(Int8(bitPattern: reader.u8()))
        lineRange = reader.u8()
        firstSpecial = reader.u8()
        guard lineRange > 0, firstSpecial > 0, !reader.isBroken else { return nil }
        operandCounts = (1..<firstSpecial).map { _ in reader.u8() }
        files = LineFiles(&reader, version: version, isWide: isWide, unit: unit)
        reader = ByteReader(reader.bytes, at: UInt64(headerStart) &+ headerLength)
        guard !reader.isBroken else { return nil }
        self.reader = reader
    }

    /// The path of a file of this table.
    package func path(_ index: UInt64) -> String? {
        files.path(index)
    }

    /// Runs the program once and gives the row of every target it covers.
    package func rows(for targets: TargetSet, isCode: (UInt64) -> Bool) -> [Row?] {
        var rows = [Row?](repeating: nil, count: targets.addresses.count)
        var reader = reader
        while !reader.isBroken, reader.remaining > 0 {
            runSequence(&reader, targets, isCode, &rows)
        }
        return rows
    }

    /// Runs up to the end of one sequence, inside which addresses only grow.
    private func runSequence(
        _ reader: inout ByteReader, _ targets: TargetSet, _ isCode: (UInt64) -> Bool, _ rows: inout [Row?]
    ) {
        var address: UInt64 = 0
        var row = Row()
        var last: Row?
        // The first target that is not yet behind; set when the sequence's start is known.
        var cursor = targets.addresses.count

        func emit(_ rows: inout [Row?]) {
            if let last {
                while cursor < targets.addresses.count, targets.addresses[cursor] < address {
                    if rows[cursor] == nil { rows[cursor] = last }
                    cursor += 1
                }
            } else {
                cursor = isCode(address) ? targets.first(from: address) : targets.addresses.count
            }
            last = row
        }
        func advance(special adjusted: UInt8) {
            address &+= minimumLength &* UInt64(adjusted / lineRange)
        }

        while !reader.isBroken, reader.remaining > 0 {
            let code = reader.u8()
            if code >= firstSpecial {
                let adjusted = code - firstSpecial
                advance(special: adjusted)
                row.line &+= UInt64(bitPattern: lineBase + Int64(adjusted % lineRange))
                emit(&rows)
                continue
            }
            switch code {
            case 0:
                let length = reader.uleb()
                let end = UInt64(reader.offset) &+ length
                let sub = length > 0 ? reader.u8() : 0
                if sub == 1 {
                    emit(&rows)
                    return
                }
                if sub == 2 { address = reader.u64() }
                let next = ByteReader(reader.bytes, at: end)
                // The length may point backwards by overflow, which would never end.
                guard !next.isBroken, next.offset > reader.offset || end == UInt64(reader.offset) else {
                    reader.skip(next.isBroken ? -1 : 0)
                    continue
                }
                reader = next
            case 1: emit(&rows)
            case 2: address &+= minimumLength &* reader.uleb()
            case 3: row.line &+= UInt64(bitPattern: reader.sleb())
            case 4: row.file = reader.uleb()
            case 5: row.column = reader.uleb()
            case 8: advance(special: 255 - firstSpecial)
            case 9: address &+= UInt64(reader.u16())
            default:
                // The rest sets flags that are of no interest here; their operand counts are in the header.
                for _ in 0..<operandCounts[Int(code) - 1] { _ = reader.uleb() }
            }
        }
    }
}

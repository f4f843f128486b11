/// The parts of a 64-bit little-endian ELF file that symbols come from.
package final class ElfFile {
    /// A section's place in the file and in memory.
    package struct Section {
        package var name: String
        package var type: UInt32
        package var flags: UInt64
        package var address: UInt64
        /// Where the contents start in the file.
        package var offset: UInt64
        package var contents: UnsafeRawBufferPointer
        package var link: Int

        /// Whether the contents are compressed, which this reader does not undo.
        package var isCompressed: Bool { flags & 0x800 != 0 }
    }

    private let file: MappedFile
    /// All sections whose contents lie inside the file.
    package let sections: [Section]
    /// Addresses that the file asks to map for execution, ascending.
    package let executableRanges: [Range<UInt64>]
    /// The GNU build id in lower-case hexadecimal, empty without one.
    package let buildID: String

    /// Maps the file and reads its section and program headers.
    package init(path: String) throws(SymbolFileError) {
        file = try MappedFile(path: path)
        var reader = ByteReader(file.bytes)
        guard reader.u32() == 0x464c_457f, reader.u8() == 2, reader.u8() == 1 else { throw .malformed }
        reader = ByteReader(file.bytes, at: 32)
        let programOffset = reader.u64()
        let sectionOffset = reader.u64()
        reader.skip(6)
        let programEntry = Int(reader.u16())
        let programCount = Int(reader.u16())
        let sectionEntry = Int(reader.u16())
        let sectionCount = Int(reader.u16())
        let nameIndex = Int(reader.u16())
        guard !reader.isBroken else { throw .malformed }

        sections = Self.readSections(
            file.bytes, offset: sectionOffset, entry: sectionEntry, count: sectionCount, nameIndex: nameIndex)
        let programs = Self.readPrograms(
            file.bytes, offset: programOffset, entry: programEntry, count: programCount)
        executableRanges = programs.executable.sorted { $0.lowerBound < $1.lowerBound }
        let notes = sections.filter { $0.type == 7 }.map(\.contents) + programs.notes
        buildID = notes.lazy.compactMap(Self.findBuildID).first ?? ""
    }

    /// The section of that name.
    package func section(_ name: String) -> Section? {
        sections.first { $0.name == name && $0.contents.count > 0 }
    }

    /// Whether the file maps `address` for execution.
    package func isExecutable(_ address: UInt64) -> Bool {
        executableRanges.contains { $0.contains(address) }
    }

    private static func slice(
        _ bytes: UnsafeRawBufferPointer, _ offset: UInt64, _ size: UInt64
    ) -> UnsafeRawBufferPointer? {
        guard let start = Int(exactly: offset), let count = Int(exactly: size), start <= bytes.count,
            count <= bytes.count - start
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }

    private static func readSections(
        _ bytes: UnsafeRawBufferPointer, offset: UInt64, entry: Int, count: Int, nameIndex: Int
    ) -> [Section] {
        guard entry >= 64, offset > 0 else { return [] }
        var sections: [Section] = []
        var nameOffsets: [UInt32] = []
        for index in 0..<count {
            var reader = ByteReader(bytes, at: offset &+ UInt64(index * entry))
            let name = reader.u32()
            let type = reader.u32()
            let flags = reader.u64()
            let address = reader.u64()
            let start = reader.u64()
            let size = reader.u64()
            let link = Int(reader.u32())
            guard !reader.isBroken else { break }
            // A section without bytes in the file (type 8) keeps its place, because others link to it by index.
            let contents = type == 8 ? nil : slice(bytes, start, size)
            nameOffsets.append(name)
            sections.append(
                Section(
                    name: "", type: type, flags: flags, address: address, offset: start,
                    contents: contents ?? UnsafeRawBufferPointer(start: nil, count: 0), link: link))
        }
        guard sections.indices.contains(nameIndex) else { return sections }
        let names = sections[nameIndex].contents
        for index in sections.indices {
            var reader = ByteReader(names, at: UInt64(nameOffsets[index]))
            sections[index].name = reader.text()
        }
        return sections
    }

    private static func readPrograms(
        _ bytes: UnsafeRawBufferPointer, offset: UInt64, entry: Int, count: Int
    ) -> (executable: [Range<UInt64>], notes: [UnsafeRawBufferPointer]) {
        var executable: [Range<UInt64>] = []
        var notes: [UnsafeRawBufferPointer] = []
        guard entry >= 56 else { return ([], []) }
        for index in 0..<count {
            var reader = ByteReader(bytes, at: offset &+ UInt64(index * entry))
            let type = reader.u32()
            let flags = reader.u32()
            let start = reader.u64()
            let address = reader.u64()
            reader.skip(8)
            let fileSize = reader.u64()
            let memorySize = reader.u64()
            guard !reader.isBroken else { break }
            if type == 1, flags & 1 != 0 {
                let (end, overflow) = address.addingReportingOverflow(memorySize)
                if !overflow { executable.append(address..<end) }
            } else if type == 4, let note = slice(bytes, start, fileSize) {
                notes.append(note)
            }
        }
        return (executable, notes)
    }

    private static func findBuildID(in notes: UnsafeRawBufferPointer) -> String? {
        var reader = ByteReader(notes)
        while reader.remaining >= 12 {
            let nameSize = Int(reader.u32())
            let size = Int(reader.u32())
            let type = reader.u32()
            let isGNU = nameSize == 4 && ByteReader(notes, at: reader.offset).startsWithGNU
            reader.skip((nameSize + 3) & ~3)
            if type == 3, isGNU, size <= reader.remaining {
                return notes[reader.offset..<reader.offset + size].map(hexadecimal).joined()
            }
            reader.skip((size + 3) & ~3)
        }
        return nil
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }
}

extension ByteReader {
    fileprivate var startsWithGNU: Bool {
        var copy = self
        return copy.u32() == 0x0055_4e47
    }
}

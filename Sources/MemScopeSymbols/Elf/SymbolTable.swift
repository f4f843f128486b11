/// The functions that an ELF file names, sorted by address.
package struct SymbolTable {
    /// How much a table can name.
    package enum Coverage: Sendable {
        /// `.symtab`: every function.
        case all
        /// `.dynsym`: only what the file exports or imports.
        case exported
        /// No table.
        case none
    }

    /// A function's place; `name` is an offset into the table's texts.
    package struct Entry {
        package var address: UInt64
        package var size: UInt64
        package var name: UInt32
        /// Higher wins among several names of one address.
        package var rank: UInt8
    }

    /// What the table can name.
    package let coverage: Coverage
    /// Ascending by address, one entry an address.
    package private(set) var entries: [Entry]
    private let names: UnsafeRawBufferPointer

    /// Reads `.symtab`, or `.dynsym` where the file was stripped. The file must outlive the table.
    package init(_ file: ElfFile) {
        let full = file.sections.first { $0.type == 2 && $0.contents.count >= 48 }
        let table = full ?? file.sections.first { $0.type == 11 && $0.contents.count >= 48 }
        coverage = full != nil ? .all : table != nil ? .exported : .none
        entries = []
        guard let table, file.sections.indices.contains(table.link) else {
            names = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        names = file.sections[table.link].contents
        entries = Self.read(table.contents, of: file)
        removeAliases()
    }

    private static func read(_ bytes: UnsafeRawBufferPointer, of file: ElfFile) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(bytes.count / 24)
        var reader = ByteReader(bytes)
        while reader.remaining >= 24 {
            let name = reader.u32()
            let info = reader.u8()
            reader.skip(1)
            let section = reader.u16()
            let address = reader.u64()
            let size = reader.u64()
            let kind = info & 15
            // Functions, indirect functions, and untyped labels, which is what hand-written assembly has.
            guard section != 0, kind == 2 || kind == 10 || kind == 0, name != 0, file.isExecutable(address)
            else { continue }
            let isFunction: UInt8 = kind == 0 ? 0 : 4
            let binding: UInt8 = info >> 4 == 1 ? 2 : info >> 4 == 2 ? 1 : 0
            entries.append(Entry(address: address, size: size, name: name, rank: isFunction + binding))
        }
        return entries
    }

    private mutating func removeAliases() {
        entries.sort { ($0.address, $1.rank, $0.name) < ($1.address, $0.rank, $1.name) }
        var kept = 0
        for index in entries.indices {
            if kept > 0, entries[kept - 1].address == entries[index].address {
                entries[kept - 1].size = max(entries[kept - 1].size, entries[index].size)
            } else {
                entries[kept] = entries[index]
                kept += 1
            }
        }
        entries.removeLast(entries.count - kept)
    }

    /// The function that covers `address`; one without a size reaches to the next one.
    ///
    /// Costs a binary search.
    package func entry(covering address: UInt64) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        // A label may lie inside a function, so the one that covers the address may start a few entries before.
        for index in stride(from: low - 1, to: max(-1, low - 8), by: -1) {
            let entry = entries[index]
            if address - entry.address < entry.size { return entry }
            if entry.size == 0, index == low - 1 { return entry }
        }
        return nil
    }

    /// The mangled name of an entry.
    package func name(of entry: Entry) -> String {
        var reader = ByteReader(names, at: UInt64(entry.name))
        let text = reader.text()
        // Versioned names of a dynamic table carry "@VERSION".
        guard let version = text.utf8.firstIndex(of: UInt8(ascii: "@")), version != text.startIndex else {
            return text
        }
        return String(text[..<version])
    }
}

/// The file names of a line table.
package struct LineFiles {
    private var directories: [String] = []
    private var names: [(name: String, directory: UInt64)] = []
    /// The number of the first file: 1 before version 5, then 0.
    private let firstIndex: UInt64
    private let base: String

    /// Reads the two lists from a header and moves past them.
    package init(_ reader: inout ByteReader, version: UInt16, isWide: Bool, unit: DwarfUnit) {
        base = unit.directory
        if version >= 5 {
            firstIndex = 0
            directories = Self.readList(&reader, isWide: isWide, version: version, unit: unit).map(\.name)
            names = Self.readList(&reader, isWide: isWide, version: version, unit: unit)
            return
        }
        firstIndex = 1
        directories = [unit.directory]
        while !reader.isBroken {
            let name = reader.text()
            if name.isEmpty { break }
            directories.append(name)
        }
        while !reader.isBroken {
            let name = reader.text()
            if name.isEmpty { break }
            names.append((name, reader.uleb()))
            _ = reader.uleb()
            _ = reader.uleb()
        }
    }

    private static func readList(
        _ reader: inout ByteReader, isWide: Bool, version: UInt16, unit: DwarfUnit
    ) -> [(name: String, directory: UInt64)] {
        var formats: [(content: UInt64, form: UInt64)] = []
        for _ in 0..<reader.u8() { formats.append((reader.uleb(), reader.uleb())) }
        let count = reader.uleb()
        // Every entry takes at least one byte, so a count beyond the rest is damage.
        guard !reader.isBroken, !formats.isEmpty, count <= UInt64(reader.remaining) else { return [] }
        var list: [(name: String, directory: UInt64)] = []
        for _ in 0..<count where !reader.isBroken {
            var entry = (name: "", directory: UInt64(0))
            for format in formats {
                if format.content == 1, format.form == DwarfForm.string {
                    entry.name = reader.text()
                    continue
                }
                let value = DwarfValue.read(
                    &reader, form: format.form, constant: 0, isWide: isWide, version: version)
                if format.content == 1 { entry.name = unit.text(value) ?? "" }
                if format.content == 2 { entry.directory = value.raw }
            }
            list.append(entry)
        }
        return list
    }

    /// The path of the file with that number; absolute where the table says enough.
    package func path(_ index: UInt64) -> String? {
        guard index >= firstIndex, let position = Int(exactly: index - firstIndex), position < names.count else {
            return nil
        }
        let file = names[position]
        if file.name.hasPrefix("/") || file.name.isEmpty { return file.name.isEmpty ? nil : file.name }
        var path = file.name
        if let index = Int(exactly: file.directory), index < directories.count, !directories[index].isEmpty {
            path = Self.join(directories[index], path)
        }
        return path.hasPrefix("/") || base.isEmpty ? path : Self.join(base, path)
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }
}

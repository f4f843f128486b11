/// Lines and inlined functions of one file, for many addresses at a time.
///
/// Units without a target are not read beyond their own entry, and each other unit is read once: its entries, then its
/// line program. Nothing is kept that grows with the file, apart from one small object a unit.
package struct DebugInformation {
    private let file: ElfFile
    private let units: [DwarfUnit]
    /// Whether some of the units keep their entries in other files.
    package let isSplit: Bool

    /// Reads the headers of all units; nil where the file has none. The file must outlive the value.
    package init?(_ file: ElfFile) {
        guard let sections = DwarfSections(file) else { return nil }
        self.file = file
        var units: [DwarfUnit] = []
        var position = 0
        while position < sections.info.count {
            let (unit, end) = DwarfUnit.read(sections, at: position)
            if let unit { units.append(unit) }
            guard let end else { break }
            position = end
        }
        self.units = units
        isSplit = units.contains(where: \.isSplit)
    }

    /// Gives for every address its functions, innermost first; empty where nothing is known.
    ///
    /// - Parameter addresses: addresses in the file, ascending without repeats.
    /// - Returns: one list for every address.
    package func locate(_ addresses: [UInt64]) -> [[LocatedFunction]] {
        var result = [[LocatedFunction]](repeating: [], count: addresses.count)
        let all = TargetSet(addresses)
        for unit in units {
            var indexes: [Int] = []
            for range in unit.ranges { indexes.append(contentsOf: all.indexes(in: range)) }
            if indexes.isEmpty { continue }
            indexes.sort()
            let distinct = indexes.enumerated().filter { $0.offset == 0 || indexes[$0.offset - 1] != $0.element }
                .map(\.element)
            locate(distinct, of: all, in: unit, &result)
        }
        return result
    }

    private func locate(
        _ indexes: [Int], of all: TargetSet, in unit: DwarfUnit, _ result: inout [[LocatedFunction]]
    ) {
        let targets = TargetSet(indexes.map { all.addresses[$0] })
        let walk = FunctionWalk(unit, targets: targets)
        let program = LineProgram(unit)
        let rows = program?.rows(for: targets, isCode: file.isExecutable)
        var paths: [UInt64: String] = [:]
        var names: [Int: String] = [:]

        func path(_ index: UInt64) -> String? {
            if let known = paths[index] { return known }
            let path = program?.path(index)
            if let path { paths[index] = path }
            return path
        }
        for (local, index) in indexes.enumerated() where result[index].isEmpty {
            let row = rows?[local]
            var file = row.flatMap { path($0.file) }
            var line = row?.line ?? 0
            var column = row?.column ?? 0
            var scope = walk.innermost[local]
            var functions: [LocatedFunction] = []
            // No compiler nests this deep; damage may.
            while scope >= 0, functions.count < 256 {
                let current = walk.scopes[scope]
                let name = names[current.entry] ?? self.name(ofEntryAt: current.entry, in: unit)
                names[current.entry] = name
                functions.append(
                    LocatedFunction(
                        name: name, file: file, line: Int(truncatingIfNeeded: line),
                        column: Int(truncatingIfNeeded: column), isInlined: current.isInlined))
                if !current.isInlined { break }
                (file, line, column) = (path(current.callFile), current.callLine, current.callColumn)
                scope = current.parent
            }
            if functions.isEmpty, row != nil {
                functions = [
                    LocatedFunction(
                        name: nil, file: file, line: Int(truncatingIfNeeded: line),
                        column: Int(truncatingIfNeeded: column), isInlined: false)
                ]
            }
            result[index] = functions
        }
    }

    /// The name of a function's entry, following it to its declaration or abstract form.
    private func name(ofEntryAt position: Int, in start: DwarfUnit) -> String? {
        var unit = start
        var position = position
        var plain: String?
        // Real chains have two or three steps; a damaged file may point in circles.
        for _ in 0..<8 {
            var reader = ByteReader(unit.sections.info, at: position)
            let table = unit.shapes
            guard let shape = table.shape(reader.uleb()) else { return plain }
            var next: DwarfValue?
            for attribute in table.attributes[shape.attributes] {
                let value = DwarfValue.read(
                    &reader, form: attribute.form, constant: attribute.constant, isWide: unit.isWide,
                    version: unit.version)
                switch attribute.name {
                case DwarfAttribute.linkageName, DwarfAttribute.oldLinkageName:
                    if let name = unit.text(value) { return name }
                case DwarfAttribute.name: plain = plain ?? unit.text(value)
                case DwarfAttribute.abstractOrigin, DwarfAttribute.specification: next = value
                default: break
                }
            }
            guard let next, let target = entry(next, from: unit) else { return plain }
            (position, unit) = target
        }
        return plain
    }

    private func entry(_ value: DwarfValue, from unit: DwarfUnit) -> (Int, DwarfUnit)? {
        switch value.form {
        case DwarfForm.ref1, DwarfForm.ref2, DwarfForm.ref4, DwarfForm.ref8, DwarfForm.refUdata:
            guard let offset = Int(exactly: value.raw), offset < unit.end - unit.offset else { return nil }
            return (unit.offset + offset, unit)
        case DwarfForm.refAddress:
            guard let offset = Int(exactly: value.raw) else { return nil }
            var low = 0
            var high = units.count
            while low < high {
                let middle = (low + high) / 2
                if units[middle].offset <= offset { low = middle + 1 } else { high = middle }
            }
            guard low > 0, offset < units[low - 1].end else { return nil }
            return (offset, units[low - 1])
        default: return nil
        }
    }
}

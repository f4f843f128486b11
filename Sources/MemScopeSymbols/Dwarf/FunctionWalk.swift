/// Finds which functions, inlined ones included, contain the targets of one unit.
///
/// One pass over the unit's entries. Entries that are no functions are skipped by their shape's size, and so are inlined
/// functions below a function without a target.
package struct FunctionWalk {
    /// A function around a target.
    package struct Scope {
        /// Where the function's entry is in `.debug_info`.
        package var entry: Int
        package var isInlined: Bool
        /// Where it was called, if it is inlined: an index into the line table's files.
        package var callFile: UInt64
        package var callLine: UInt64
        package var callColumn: UInt64
        /// The function around it, an index into `scopes`, or -1.
        package var parent: Int
    }

    /// All scopes found.
    package private(set) var scopes: [Scope] = []
    /// For every target the innermost scope, or -1.
    package private(set) var innermost: [Int]

    private let unit: DwarfUnit
    private let targets: TargetSet
    /// More functions around the targets than any compiler nests; only damage goes beyond.
    private let limit: Int

    /// Walks the unit.
    package init(_ unit: DwarfUnit, targets: TargetSet) {
        self.unit = unit
        self.targets = targets
        limit = 1024 + 256 * targets.addresses.count
        innermost = Array(repeating: -1, count: targets.addresses.count)
        walk()
    }

    private mutating func walk() {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: unit.sections.info[..<unit.end]), at: unit.firstEntry)
        let table = unit.shapes
        var depth = 0
        // Inside a function with a target: the depth of its entry. Otherwise -1.
        var activeDepth = -1
        while !reader.isBroken, reader.remaining > 0 {
            let position = reader.offset
            let code = reader.uleb()
            if code == 0 {
                depth -= 1
                if depth <= activeDepth { activeDepth = -1 }
                if depth <= 0 { return }
                continue
            }
            guard let shape = table.shape(code) else { return }
            let isFunction = shape.tag == DwarfTag.subprogram
            if isFunction || (activeDepth >= 0 && shape.tag == DwarfTag.inlinedSubroutine) {
                let matched = readFunction(&reader, shape, table, position, isInlined: !isFunction)
                if isFunction, matched, shape.hasChildren, activeDepth < 0 { activeDepth = depth }
            } else if shape.fixedSize >= 0 {
                reader.skip(shape.fixedSize)
            } else {
                for attribute in table.attributes[shape.attributes] {
                    _ = DwarfValue.read(
                        &reader, form: attribute.form, constant: attribute.constant, isWide: unit.isWide,
                        version: unit.version)
                }
            }
            if shape.hasChildren { depth += 1 } else if depth == 0 { return }
        }
    }

    /// Reads a function's entry and puts it around its targets; returns whether it has any.
    private mutating func readFunction(
        _ reader: inout ByteReader, _ shape: AbbreviationTable.Shape, _ table: AbbreviationTable, _ position: Int,
        isInlined: Bool
    ) -> Bool {
        var low: DwarfValue?
        var high: DwarfValue?
        var ranges: DwarfValue?
        var scope = Scope(
            entry: position, isInlined: isInlined, callFile: 0, callLine: 0, callColumn: 0, parent: -1)
        for attribute in table.attributes[shape.attributes] {
            let value = DwarfValue.read(
                &reader, form: attribute.form, constant: attribute.constant, isWide: unit.isWide,
                version: unit.version)
            switch attribute.name {
            case DwarfAttribute.lowAddress: low = value
            case DwarfAttribute.highAddress: high = value
            case DwarfAttribute.ranges: ranges = value
            case DwarfAttribute.callFile: scope.callFile = value.raw
            case DwarfAttribute.callLine: scope.callLine = value.raw
            case DwarfAttribute.callColumn: scope.callColumn = value.raw
            default: break
            }
        }
        guard low != nil || ranges != nil, !reader.isBroken, scopes.count < limit else { return false }
        var matched = false
        for range in unit.coveredRanges(low: low, high: high, ranges: ranges) {
            for index in targets.indexes(in: range) {
                // An inlined function lies inside what was found before; a function starts afresh.
                scope.parent = isInlined ? innermost[index] : -1
                if innermost[index] >= 0, scopes[innermost[index]].entry == position { continue }
                innermost[index] = scopes.count
                scopes.append(scope)
                matched = true
            }
        }
        return matched
    }
}

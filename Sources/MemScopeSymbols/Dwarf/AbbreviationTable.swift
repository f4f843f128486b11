/// The shapes that the entries of a unit refer to by code.
package struct AbbreviationTable {
    /// One attribute of a shape.
    package struct Attribute {
        package var name: UInt64
        package var form: UInt64
        /// The value itself, for a form that stores none with the entry.
        package var constant: Int64
    }

    /// The shape of an entry.
    package struct Shape {
        package var code: UInt64
        package var tag: UInt64
        package var hasChildren: Bool
        package var attributes: Range<Int>
        /// The bytes that an entry takes after its code, or -1 where that depends on the entry.
        package var fixedSize: Int
    }

    private var shapes: [Shape] = []
    private var otherCodes: [UInt64: Int] = [:]
    /// The attributes of all shapes; `Shape.attributes` selects.
    package private(set) var attributes: [Attribute] = []

    /// Reads the table at `offset`. With `limit` only the first shapes are read, which is enough for a unit's own entry.
    package init(
        _ bytes: UnsafeRawBufferPointer, at offset: UInt64, isWide: Bool, version: UInt16, limit: Int = .max
    ) {
        var reader = ByteReader(bytes, at: offset)
        while shapes.count < limit {
            let code = reader.uleb()
            if code == 0 || reader.isBroken { break }
            let tag = reader.uleb()
            let hasChildren = reader.u8() != 0
            let first = attributes.count
            var size = 0
            while true {
                let name = reader.uleb()
                let form = reader.uleb()
                if form == 0 || reader.isBroken { break }
                let constant = form == DwarfForm.implicitConst ? reader.sleb() : 0
                attributes.append(Attribute(name: name, form: form, constant: constant))
                if let fixed = DwarfForm.fixedSize(form, isWide: isWide, version: version), size >= 0 {
                    size += fixed
                } else {
                    size = -1
                }
            }
            // Compilers number the shapes 1, 2, 3, …; only others need the dictionary.
            if code != UInt64(shapes.count + 1) { otherCodes[code] = shapes.count }
            shapes.append(
                Shape(
                    code: code, tag: tag, hasChildren: hasChildren, attributes: first..<attributes.count,
                    fixedSize: size))
        }
    }

    /// The shape with that code.
    package func shape(_ code: UInt64) -> Shape? {
        if code >= 1, code <= UInt64(shapes.count) {
            let shape = shapes[Int(code) - 1]
            if shape.code == code { return shape }
        }
        return otherCodes[code].map { shapes[$0] }
    }
}

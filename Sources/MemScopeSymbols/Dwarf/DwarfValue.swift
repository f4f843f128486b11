/// An attribute's value as stored: the number that was read and the form that says what it means.
package struct DwarfValue {
    package var form: UInt64
    /// A number, an offset or an index; for a text inside the entry its position in `.debug_info`.
    package var raw: UInt64

    /// Reads the value and moves past it.
    package static func read(
        _ reader: inout ByteReader, form: UInt64, constant: Int64, isWide: Bool, version: UInt16
    ) -> DwarfValue {
        var raw: UInt64 = 0
        switch form {
        case DwarfForm.flagPresent: raw = 1
        case DwarfForm.implicitConst: raw = UInt64(bitPattern: constant)
        case DwarfForm.strx3, DwarfForm.addrx3: raw = UInt64(reader.u24())
        case DwarfForm.data16: reader.skip(16)
        case DwarfForm.udata, DwarfForm.refUdata, DwarfForm.strx, DwarfForm.addrx, DwarfForm.loclistx,
            DwarfForm.rnglistx:
            raw = reader.uleb()
        case DwarfForm.sdata: raw = UInt64(bitPattern: reader.sleb())
        case DwarfForm.string:
            raw = UInt64(reader.offset)
            reader.skipText()
        case DwarfForm.block1: reader.skip(Int(reader.u8()))
        case DwarfForm.block2: reader.skip(Int(reader.u16()))
        case DwarfForm.block4: reader.skip(Int(reader.u32()))
        case DwarfForm.block, DwarfForm.expression: reader.skip(reader.uleb())
        case DwarfForm.indirect:
            let actual = reader.uleb()
            // An indirect form that names itself would never end.
            guard actual != DwarfForm.indirect, actual != DwarfForm.implicitConst else {
                reader.skip(-1)
                break
            }
            return read(&reader, form: actual, constant: 0, isWide: isWide, version: version)
        default:
            if let size = DwarfForm.fixedSize(form, isWide: isWide, version: version) {
                raw = reader.unsigned(bytes: size)
            } else {
                // Nobody knows the length of an unknown form, so nothing after it can be read.
                reader.skip(-1)
            }
        }
        return DwarfValue(form: form, raw: raw)
    }
}

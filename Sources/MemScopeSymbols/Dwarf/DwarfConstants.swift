/// The numbers of the DWARF standard that this reader acts on.
package enum DwarfTag {
    package static let inlinedSubroutine: UInt64 = 0x1d
    package static let subprogram: UInt64 = 0x2e
}

/// Attributes of debugging entries.
package enum DwarfAttribute {
    package static let name: UInt64 = 0x03
    package static let lineTable: UInt64 = 0x10
    package static let lowAddress: UInt64 = 0x11
    package static let highAddress: UInt64 = 0x12
    package static let directory: UInt64 = 0x1b
    package static let abstractOrigin: UInt64 = 0x31
    package static let specification: UInt64 = 0x47
    package static let ranges: UInt64 = 0x55
    package static let callColumn: UInt64 = 0x57
    package static let callFile: UInt64 = 0x58
    package static let callLine: UInt64 = 0x59
    package static let linkageName: UInt64 = 0x6e
    package static let textOffsetsBase: UInt64 = 0x72
    package static let addressBase: UInt64 = 0x73
    package static let rangeListsBase: UInt64 = 0x74
    package static let splitName: UInt64 = 0x76
    package static let oldLinkageName: UInt64 = 0x2007
    package static let oldSplitName: UInt64 = 0x2130
}

/// How an attribute's value is stored.
package enum DwarfForm {
    package static let address: UInt64 = 0x01
    package static let block2: UInt64 = 0x03
    package static let block4: UInt64 = 0x04
    package static let data2: UInt64 = 0x05
    package static let data4: UInt64 = 0x06
    package static let data8: UInt64 = 0x07
    package static let string: UInt64 = 0x08
    package static let block: UInt64 = 0x09
    package static let block1: UInt64 = 0x0a
    package static let data1: UInt64 = 0x0b
    package static let flag: UInt64 = 0x0c
    package static let sdata: UInt64 = 0x0d
    package static let strp: UInt64 = 0x0e
    package static let udata: UInt64 = 0x0f
    package static let refAddress: UInt64 = 0x10
    package static let ref1: UInt64 = 0x11
    package static let ref2: UInt64 = 0x12
    package static let ref4: UInt64 = 0x13
    package static let ref8: UInt64 = 0x14
    package static let refUdata: UInt64 = 0x15
    package static let indirect: UInt64 = 0x16
    package static let sectionOffset: UInt64 = 0x17
    package static let expression: UInt64 = 0x18
    package static let flagPresent: UInt64 = 0x19
    package static let strx: UInt64 = 0x1a
    package static let addrx: UInt64 = 0x1b
    package static let refSup4: UInt64 = 0x1c
    package static let strpSup: UInt64 = 0x1d
    package static let data16: UInt64 = 0x1e
    package static let lineStrp: UInt64 = 0x1f
    package static let refSig8: UInt64 = 0x20
    package static let implicitConst: UInt64 = 0x21
    package static let loclistx: UInt64 = 0x22
    package static let rnglistx: UInt64 = 0x23
    package static let refSup8: UInt64 = 0x24
    package static let strx1: UInt64 = 0x25
    package static let strx2: UInt64 = 0x26
    package static let strx3: UInt64 = 0x27
    package static let strx4: UInt64 = 0x28
    package static let addrx1: UInt64 = 0x29
    package static let addrx2: UInt64 = 0x2a
    package static let addrx3: UInt64 = 0x2b
    package static let addrx4: UInt64 = 0x2c
    package static let gnuRefAlt: UInt64 = 0x1f20
    package static let gnuStrpAlt: UInt64 = 0x1f21

    /// The size of a value of this form, or nil where the value itself says; `isWide` is the 64-bit format.
    package static func fixedSize(_ form: UInt64, isWide: Bool, version: UInt16) -> Int? {
        switch form {
        case flagPresent, implicitConst: 0
        case data1, flag, ref1, strx1, addrx1: 1
        case data2, ref2, strx2, addrx2: 2
        case strx3, addrx3: 3
        case data4, ref4, refSup4, strx4, addrx4: 4
        case address, data8, ref8, refSig8, refSup8: 8
        case data16: 16
        case strp, sectionOffset, strpSup, lineStrp, gnuRefAlt, gnuStrpAlt: isWide ? 8 : 4
        case refAddress: version == 2 ? 8 : isWide ? 8 : 4
        default: nil
        }
    }
}

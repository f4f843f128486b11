/// Reads little-endian values from bytes that nobody vouched for.
///
/// A read past the end returns zero and sets `isBroken`; nothing traps. Loops over input check the flag, so that a
/// damaged file ends the reading and not the process.
package struct ByteReader {
    /// What is read.
    package let bytes: UnsafeRawBufferPointer
    /// Where the next read starts.
    package private(set) var offset: Int
    /// Whether a read went past the end.
    package private(set) var isBroken: Bool

    /// Starts reading `bytes` at `offset`; an offset outside them is broken from the start.
    package init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        self.bytes = bytes
        isBroken = offset < 0 || offset > bytes.count
        self.offset = isBroken ? bytes.count : offset
    }

    /// Starts at an offset that was itself read from the file.
    package init(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) {
        self.init(bytes, at: Int(exactly: offset) ?? -1)
    }

    /// How many bytes are left.
    package var remaining: Int { bytes.count - offset }

    @inline(__always)
    private mutating func take(_ count: Int) -> Int? {
        guard count >= 0, count <= bytes.count - offset else {
            isBroken = true
            offset = bytes.count
            return nil
        }
        let position = offset
        offset = position + count
        return position
    }

    package mutating func u8() -> UInt8 {
        guard let position = take(1) else { return 0 }
        return bytes[position]
    }

    package mutating func u16() -> UInt16 {
        guard let position = take(2) else { return 0 }
        return UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self))
    }

    package mutating func u24() -> UInt32 {
        UInt32(u16()) | UInt32(u8()) << 16
    }

    package mutating func u32() -> UInt32 {
        guard let position = take(4) else { return 0 }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }

    package mutating func u64() -> UInt64 {
        guard let position = take(8) else { return 0 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// An unsigned value of 1, 2, 4 or 8 bytes.
    package mutating func unsigned(bytes count: Int) -> UInt64 {
        switch count {
        case 1: UInt64(u8())
        case 2: UInt64(u16())
        case 4: UInt64(u32())
        default: u64()
        }
    }

    /// An unsigned LEB128 value; bits above 64 are dropped.
    package mutating func uleb() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = u8()
            if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }

    /// A signed LEB128 value.
    package mutating func sleb() -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = u8()
            if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
            shift += 7
            if byte & 0x80 == 0 {
                if byte & 0x40 != 0, shift < 64 { value |= ~0 << shift }
                return Int64(bitPattern: value)
            }
        }
    }

    package mutating func skip(_ count: Int) {
        _ = take(count)
    }

    package mutating func skip(_ count: UInt64) {
        skip(Int(exactly: count) ?? -1)
    }

    /// Moves past a text and its NUL.
    package mutating func skipText() {
        while u8() != 0 {}
    }

    /// The text at the position, without its NUL; moves past both.
    package mutating func text() -> String {
        let start = offset
        skipText()
        let end = isBroken ? offset : offset - 1
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

/// Numbers at offsets of a byte array, in the byte order of the file it was read from; nil beyond its end.
struct ByteView: Sendable {
    let bytes: [UInt8]
    let isBigEndian: Bool

    init(_ bytes: [UInt8], isBigEndian: Bool = false) {
        self.bytes = bytes
        self.isBigEndian = isBigEndian
    }

    func starts(with prefix: [UInt8]) -> Bool {
        bytes.starts(with: prefix)
    }

    func byte(at offset: Int) -> UInt8? {
        bytes.indices.contains(offset) ? bytes[offset] : nil
    }

    func u16(at offset: Int) -> UInt16? {
        number(at: offset, size: 2).map(UInt16.init(truncatingIfNeeded:))
    }

    func u32(at offset: Int) -> UInt32? {
        number(at: offset, size: 4).map(UInt32.init(truncatingIfNeeded:))
    }

    func u64(at offset: Int) -> UInt64? {
        number(at: offset, size: 8)
    }

    private func number(at offset: Int, size: Int) -> UInt64? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let part = bytes[offset..<offset + size]
        let mostSignificantFirst = isBigEndian ? Array(part) : part.reversed()
        return mostSignificantFirst.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

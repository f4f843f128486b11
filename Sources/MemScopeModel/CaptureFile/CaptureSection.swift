/// One section of a capture whose place and size have been checked.
///
/// `element` and `offset` are trusted: every caller loops over `0..<count` and reads fields inside the element.
struct CaptureSection {
    private let bytes: UnsafeRawBufferPointer
    private let elementSize: Int
    /// Number of elements.
    let count: Int

    /// A section that the file does not have.
    static var empty: CaptureSection {
        CaptureSection(bytes: UnsafeRawBufferPointer(start: nil, count: 0), elementSize: 1)
    }

    init(bytes: UnsafeRawBufferPointer, elementSize: Int) {
        self.bytes = bytes
        self.elementSize = elementSize
        self.count = bytes.count / elementSize
    }

    @inline(__always)
    func u8(_ element: Int) -> UInt8 { bytes[element * elementSize] }

    @inline(__always)
    func u32(_ element: Int, _ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: element * elementSize + offset, as: UInt32.self))
    }

    @inline(__always)
    func u64(_ element: Int, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: element * elementSize + offset, as: UInt64.self))
    }

    /// The text that starts at a byte, or `nil` if no text starts there.
    ///
    /// A text starts at 0 or after a NUL. Without this rule, a damaged file could name the inside of one long text a
    /// million times and have it copied as often.
    func text(at offset: UInt32) -> String? {
        let start = Int(offset)
        guard start < bytes.count, start == 0 || bytes[start - 1] == 0 else { return nil }
        let rest = bytes[start...]
        guard let end = rest.firstIndex(of: 0) else { return nil }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

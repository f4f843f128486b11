/// Where the sections of a capture lie: the header and the section table, checked.
struct CaptureLayout {
    /// The architecture's name.
    let architecture: String
    private var sections: [CaptureFormat.Section: CaptureSection] = [:]

    init(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) {
        func u32(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        func u64(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard bytes.count >= 8, u64(0) == CaptureFormat.magic else {
            throw CaptureError(
                code: .notACapture, what: "cannot read the capture", why: "the file does not begin like a capture",
                remedy: "give a capture written by a tracked process, or a saved report.json")
        }
        guard bytes.count >= CaptureFormat.headerSize else { throw .incomplete("the file ends inside its header") }
        guard u32(8) == CaptureFormat.version else {
            throw CaptureError(
                code: .otherVersion, what: "cannot read the capture",
                why: "it has version \(u32(8)) of the format, and this tool reads version \(CaptureFormat.version)",
                remedy: "render it with the MemScope that recorded it, or record it again")
        }
        guard let name = CaptureFormat.architectures[u32(12)] else {
            throw .damaged("architecture \(u32(12)) is unknown")
        }
        architecture = name
        guard u32(20) == 1 else { throw .incomplete("its writer did not finish") }
        guard u64(24) <= UInt64(bytes.count) else {
            throw .incomplete("it should have \(u64(24)) bytes and has \(bytes.count)")
        }
        let size = Int(u64(24))
        let table = CaptureFormat.headerSize
        let count = Int(u32(16))
        guard size >= table, count <= (size - table) / CaptureFormat.tableEntrySize else {
            throw .damaged("a table of \(count) sections does not fit into \(size) bytes")
        }
        for entry in 0..<count {
            let at = table + entry * CaptureFormat.tableEntrySize
            // Sections this version does not know are left alone, whatever they say about themselves.
            guard let kind = CaptureFormat.Section(rawValue: u32(at)) else { continue }
            guard sections[kind] == nil else { throw .damaged("section \(kind) occurs twice") }
            let elementSize = Int(u32(at + 4))
            let offset = u64(at + 8)
            let elements = u64(at + 16)
            guard elementSize == kind.elementSize else {
                throw .damaged("section \(kind) has elements of \(elementSize) bytes instead of \(kind.elementSize)")
            }
            let (length, overflow) = elements.multipliedReportingOverflow(by: UInt64(elementSize))
            guard !overflow, offset % 8 == 0, offset <= UInt64(size), length <= UInt64(size) - offset else {
                throw .damaged("section \(kind) does not lie inside the file")
            }
            let range = Int(offset)..<Int(offset + length)
            sections[kind] = CaptureSection(
                bytes: UnsafeRawBufferPointer(rebasing: bytes[range]), elementSize: elementSize)
        }
    }

    /// The section of a kind, empty if the file has none.
    subscript(kind: CaptureFormat.Section) -> CaptureSection { sections[kind] ?? .empty }
}

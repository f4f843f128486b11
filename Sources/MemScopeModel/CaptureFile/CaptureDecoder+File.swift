internal import Glibc

/// Captures from disk.
extension CaptureDecoder {
    /// Reads and decodes a capture file.
    ///
    /// The file is copied into memory rather than mapped: a mapped file that someone cuts short kills its reader.
    /// - Parameter path: Where the file is.
    /// - Returns: The snapshot.
    /// - Throws: ``CaptureError`` if the file cannot be read or is no whole, consistent capture.
    public static func decode(path: String) throws(CaptureError) -> HeapSnapshot {
        let bytes = try read(path: path)
        defer { bytes.deallocate() }
        return try decode(UnsafeRawBufferPointer(bytes))
    }

    /// Whether bytes begin like a capture file, whatever follows.
    /// - Parameter bytes: At least the first eight bytes of a file.
    /// - Returns: Whether the rest is worth decoding.
    public static func looksLikeCapture(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 8
            && UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)) == CaptureFormat.magic
    }

    private static func read(path: String) throws(CaptureError) -> UnsafeMutableRawBufferPointer {
        func failure() -> CaptureError {
            CaptureError(
                code: .unreadable, what: "cannot read \(path)", why: String(cString: strerror(errno)),
                remedy: "check the path and its permissions")
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure() }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(Int(status.st_size), 0), alignment: 8)
        var filled = 0
        while filled < bytes.count {
            let got = Glibc.read(file, bytes.baseAddress! + filled, bytes.count - filled)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                let error = failure()
                bytes.deallocate()
                throw error
            }
            if got == 0 { break }
            filled += got
        }
        return UnsafeMutableRawBufferPointer(rebasing: bytes[..<filled])
    }
}

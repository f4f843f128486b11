internal import Glibc
package import MemScopeModel

/// Captures on disk.
package enum CaptureFile {
    /// Reads a capture file, mapped rather than copied.
    /// - Parameter path: Where it is.
    /// - Returns: What it holds.
    /// - Throws: ``ReportError`` when it cannot be read or is damaged.
    package static func read(_ path: String) throws(ReportError) -> HeapSnapshot {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, String(cString: strerror(errno)), "check the path") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size > 0,
            let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED
        else { throw failure(path, "it is empty or cannot be mapped", "make the capture again") }
        defer { munmap(start, Int(status.st_size)) }
        do {
            return try CaptureDecoder.decode(UnsafeRawBufferPointer(start: start, count: Int(status.st_size)))
        } catch {
            throw failure(path, error.why, error.remedy)
        }
    }

    private static func failure(_ path: String, _ why: String, _ remedy: String) -> ReportError {
        ReportError(code: .unreadable, what: "cannot read \(path)", why: why, remedy: remedy)
    }
}

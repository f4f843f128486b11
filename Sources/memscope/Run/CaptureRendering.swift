#if os(Linux)
    internal import Glibc

    /// Renders a capture into report files. The one place where `run` meets the renderer.
    ///
    /// - Parameters:
    ///   - capture: The path of the capture file.
    ///   - directory: The directory that the report's files go to; it exists.
    /// - Throws: When the capture cannot be read or a file cannot be written.
    func renderCapture(at capture: String, into directory: String) throws {
        let descriptor = open(capture, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RunError(.unavailable, describe(errno)) }
        defer { close(descriptor) }
        var magic = [UInt8](repeating: 0, count: 8)
        guard read(descriptor, &magic, 8) == 8, magic == Array("MEMSCOPE".utf8) else {
            throw RunError(.unavailable, "it is not a capture")
        }
    }
#endif

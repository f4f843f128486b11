#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file mapped read-only for as long as this object lives.
///
/// Mapping costs no memory of the process's own: pages come from the file and go when memory is short.
package final class MappedFile {
    /// The contents; valid while the object lives.
    package let bytes: UnsafeRawBufferPointer

    /// Maps `path`.
    ///
    /// - Throws: `SymbolFileError.unreadable` with the reason.
    package init(path: String) throws(SymbolFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { throw .malformed }
        let length = Int(status.st_size)
        guard let start = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .unreadable(errno: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: length)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
}

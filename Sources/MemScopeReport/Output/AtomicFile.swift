internal import Glibc

/// Files that are there as a whole or not at all.
enum AtomicFile {
    /// Writes a file beside its place, makes sure it is on disk, and moves it into its place.
    ///
    /// A reader sees the old file or the new one. If anything fails, the old file stays and nothing is left over.
    static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).partial"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure(path, errno) }
        var error = fill(file, bytes)
        if error == 0, fsync(file) != 0 { error = errno }
        // A full disk may show only when the file is closed.
        if close(file) != 0, error == 0 { error = errno }
        if error == 0, rename(temporary, path) != 0 { error = errno }
        if error != 0 {
            unlink(temporary)
            throw failure(path, error)
        }
    }

    /// Makes a directory and those above it, if they are not there.
    static func makeDirectory(_ path: String) throws(ReportError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            prefix += component + "/"
            if mkdir(prefix, 0o777) != 0, errno != EEXIST {
                // A directory above may exist and still refuse to answer so, on a read-only disk for one.
                let error = errno
                var status = stat()
                guard stat(prefix, &status) == 0 else { throw failure(path, error) }
            }
        }
    }

    private static func fill(_ file: Int32, _ bytes: [UInt8]) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(file, bytes.baseAddress! + written, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : EIO }
                written += count
            }
            return 0
        }
    }

    private static func failure(_ path: String, _ error: Int32) -> ReportError {
        let remedy =
            switch error {
            case ENOSPC, EDQUOT: "free some space or choose another directory"
            case EACCES, EPERM, EROFS: "choose a directory that may be written to"
            default: "check the path, or choose another directory"
            }
        return ReportError(
            code: .unwritable, what: "cannot write \(path)", why: String(cString: strerror(error)), remedy: remedy)
    }
}

internal import Glibc

/// Bytes to whoever reads the command's output.
enum StandardOutput {
    static func write(_ bytes: [UInt8]) throws(CommandError) {
        let error = bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(STDOUT_FILENO, bytes.baseAddress! + written, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return errno }
                written += count
            }
            return 0
        }
        guard error == 0 else {
            throw CommandError(
                what: "cannot write to standard output", why: String(cString: strerror(error)),
                remedy: "check where it leads")
        }
    }
}

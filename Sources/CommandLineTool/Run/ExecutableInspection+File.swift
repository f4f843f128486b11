#if os(Linux)
    internal import Glibc

    extension ExecutableInspection {
        /// Inspects the file at `path`.
        ///
        /// - Throws: ``Failure/unreadable(_:)`` when it cannot be opened or read, else what its bytes led to.
        init(path: String) throws(Failure) {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .unreadable(errno) }
            defer { close(descriptor) }
            try self.init { (offset, count) throws(Failure) in
                guard let offset = off_t(exactly: offset) else { return [] }
                var failure: Int32 = 0
                let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                    while filled < count {
                        let got = pread(
                            descriptor, buffer.baseAddress! + filled, count - filled, offset &+ off_t(filled))
                        if got < 0, errno == EINTR { continue }
                        // An offset beyond what files can have is not an error of reading: there is nothing there.
                        if got < 0, errno != EINVAL { failure = errno }
                        if got <= 0 { break }
                        filled += got
                    }
                }
                guard failure == 0 else { throw .unreadable(failure) }
                return bytes
            }
        }
    }
#endif

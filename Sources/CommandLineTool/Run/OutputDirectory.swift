#if os(Linux)
    internal import Glibc

    /// The directory that captures and reports of one run go to.
    struct OutputDirectory {
        /// The file that a tracked process leaves at its end.
        static let captureName = "capture.memscope"

        /// Its absolute path.
        let path: String
        /// The file system's own time before the program started; what is older belongs to earlier runs.
        private let start: timespec

        /// Creates the directory with its parents, and tries out whether files can be written there.
        ///
        /// - Throws: ``RunError`` that names the directory and the reason: no permission, a file in its place, a full disk.
        init(creating path: String) throws(RunError) {
            self.path = path
            var made = ""
            for part in path.split(separator: "/") {
                made += "/" + part
                if mkdir(made, 0o777) != 0, errno != EEXIST, access(made, F_OK) != 0 {
                    throw RunError(
                        .cannotCreate, "cannot create the output directory \(path): \(made): \(describe(errno))")
                }
            }
            start = try Self.probe(path)
            if unlink("\(path)/\(Self.captureName)") != 0, errno != ENOENT {
                throw RunError(
                    .cannotCreate, "cannot replace \(path)/\(Self.captureName): \(describe(errno)); remove it first")
            }
        }

        /// Writes a file as large as a small capture, removes it, and returns when the file system says it was written.
        private static func probe(_ path: String) throws(RunError) -> timespec {
            let file = "\(path)/.memscope-probe-\(getpid())"
            let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw RunError(.cannotCreate, "cannot write to the output directory \(path): \(describe(errno))")
            }
            let bytes = [UInt8](repeating: 0x4D, count: 65536)
            var status = stat()
            let written = write(descriptor, bytes, bytes.count)
            var failure = written == bytes.count ? 0 : written < 0 ? errno : ENOSPC
            if failure == 0, fstat(descriptor, &status) != 0 { failure = errno }
            if close(descriptor) != 0, failure == 0 { failure = errno }
            unlink(file)
            guard failure == 0 else {
                throw RunError(.cannotCreate, "cannot write to the output directory \(path): \(describe(failure))")
            }
            return status.st_mtim
        }

        /// The directories that hold a capture of this run: this one first, then those of followed processes by name.
        func directoriesWithCaptures() -> [String] {
            ([path] + entries().map { "\(path)/\($0)" }).filter { isOfThisRun("\($0)/\(Self.captureName)") }
        }

        /// The newest periodic export of this run, nil when there is none.
        func newestExport() -> String? {
            let exports = entries().filter { $0.hasPrefix("export-") && isOfThisRun("\(path)/\($0)") }
            let newest = exports.compactMap { name in Int(name.dropFirst(7)).map { ($0, name) } }.max { $0.0 < $1.0 }
            return newest.map { "\(path)/\($0.1)" }
        }

        private func isOfThisRun(_ path: String) -> Bool {
            var status = stat()
            guard stat(path, &status) == 0 else { return false }
            return (status.st_mtim.tv_sec, status.st_mtim.tv_nsec) >= (start.tv_sec, start.tv_nsec)
        }

        private func entries() -> [String] {
            guard let directory = opendir(path) else { return [] }
            defer { closedir(directory) }
            var names: [String] = []
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                    field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { names.append(name) }
            }
            return names.sorted()
        }
    }
#endif

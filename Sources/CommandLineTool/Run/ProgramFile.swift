#if os(Linux)
    internal import Glibc

    /// The program that `memscope run` is to start: found, executable, and of a kind that a library can be preloaded into.
    struct ProgramFile: Equatable {
        /// The path to hand to the kernel; relative when it was given so.
        let path: String

        /// The kernel follows this many interpreters of interpreters.
        private static let deepestScript = 4

        /// Looks `name` up as a shell would and checks that it can be started and tracked.
        ///
        /// - Parameters:
        ///   - name: What the user typed: a path when it holds a slash, else a name to look up.
        ///   - searchPath: The value of `PATH`.
        /// - Throws: ``RunError`` with status 127 when there is no such program, and 126 when it is there but cannot be
        ///   started or cannot be tracked.
        init(named name: String, searchPath: String) throws(RunError) {
            path = try Self.locate(name, searchPath: searchPath)
            try Self.check(path, shown: name, depth: 0)
        }

        private static func locate(_ name: String, searchPath: String) throws(RunError) -> String {
            guard !name.isEmpty else { throw RunError(.notFound, "the name of the program is empty") }
            if name.utf8.contains(UInt8(ascii: "/")) {
                try requireExecutable(name, shown: name)
                return name
            }
            var refused: RunError?
            for directory in searchPath.split(separator: ":", omittingEmptySubsequences: false) {
                let candidate = directory.isEmpty ? "./\(name)" : "\(directory)/\(name)"
                do throws(RunError) {
                    try requireExecutable(candidate, shown: candidate)
                    return candidate
                } catch {
                    if error.status == .cannotExecute { refused = refused ?? error }
                }
            }
            throw refused ?? RunError(.notFound, "\(name): not found in PATH")
        }

        private static func requireExecutable(_ path: String, shown: String) throws(RunError) {
            var status = stat()
            guard stat(path, &status) == 0 else {
                let code = errno
                let kind: RunError.Status = code == ENOENT || code == ENOTDIR ? .notFound : .cannotExecute
                throw RunError(kind, "\(shown): \(describe(code))")
            }
            guard status.st_mode & S_IFMT == S_IFREG else {
                let what = status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "not a regular file"
                throw RunError(.cannotExecute, "\(shown): is \(what)")
            }
            guard access(path, X_OK) == 0 else {
                throw RunError(.cannotExecute, "\(shown): not executable: \(describe(errno))")
            }
        }

        /// Checks what lies at `path`, and for a script what runs it.
        private static func check(_ path: String, shown: String, depth: Int) throws(RunError) {
            let inspection: ExecutableInspection
            do throws(ExecutableInspection.Failure) {
                inspection = try ExecutableInspection(path: path)
            } catch {
                // The kernel can start what we may not read.
                if error == .unreadable(EACCES) { return }
                throw RunError(.cannotExecute, "\(shown): \(error)")
            }
            if case .script(let interpreter) = inspection.kind {
                guard depth < deepestScript else {
                    throw RunError(.cannotExecute, "\(shown): its interpreters are scripts without end")
                }
                do throws(RunError) {
                    try requireExecutable(interpreter, shown: interpreter)
                } catch {
                    throw RunError(.cannotExecute, "\(shown): its interpreter cannot be run: \(error)")
                }
                return try check(interpreter, shown: "\(shown): its interpreter \(interpreter)", depth: depth + 1)
            }
            if let obstacle = inspection.obstacle { throw RunError(.cannotExecute, "\(shown): \(obstacle)") }
            if case .program(let linker) = inspection.kind, access(linker, F_OK) != 0 {
                throw RunError(.cannotExecute, "\(shown): its dynamic linker \(linker) is not installed")
            }
            try requireNoPrivileges(path, shown: shown)
        }

        /// Refuses a program that gains privileges by being started: the dynamic linker ignores LD_PRELOAD in it.
        private static func requireNoPrivileges(_ path: String, shown: String) throws(RunError) {
            var status = stat()
            var volume = statvfs()
            guard stat(path, &status) == 0, statvfs(path, &volume) == 0 else { return }
            guard volume.f_flag & UInt(ST_NOSUID) == 0 else { return }
            let groupBits = S_ISGID | S_IXGRP
            var gain: String?
            if status.st_mode & S_ISUID != 0, status.st_uid != getuid() { gain = "set-uid" }
            if status.st_mode & groupBits == groupBits, status.st_gid != getgid() { gain = gain ?? "set-gid" }
            if getuid() != 0, hasFileCapabilities(path) { gain = gain ?? "given file capabilities" }
            if let gain {
                let rule = "the system preloads nothing into such a program"
                throw RunError(
                    .cannotExecute, "\(shown): is \(gain), and \(rule); run a copy without, or run as its owner")
            }
        }

        /// Whether the file carries capabilities. Swift's Glibc module does not have `getxattr`, the library does.
        private static func hasFileCapabilities(_ path: String) -> Bool {
            typealias GetAttribute =
                @convention(c) (
                    UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int
                ) -> Int
            guard let symbol = dlsym(nil, "getxattr") else { return false }
            return unsafeBitCast(symbol, to: GetAttribute.self)(path, "security.capability", nil, 0) > 0
        }
    }

    /// The system's text for an error number.
    func describe(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
#endif

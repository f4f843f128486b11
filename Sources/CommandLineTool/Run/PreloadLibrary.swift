#if os(Linux)
    internal import Glibc

    /// The library that `memscope run` brings into the program.
    struct PreloadLibrary: Equatable {
        /// Its file name.
        static let name = "libMemScopePreload.so"

        /// Its absolute path.
        let path: String

        /// Finds the library: at `given` if that is set, else beside the executable, else in `../lib` from there.
        ///
        /// - Throws: ``RunError`` when there is none, when it is not a library for this machine, and when its path cannot be
        ///   written into LD_PRELOAD.
        init(given: String?, executable: String) throws(RunError) {
            let directory = executable.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            let places = given.map { [$0] } ?? ["\(directory)/\(Self.name)", "\(directory)/../lib/\(Self.name)"]
            guard let place = places.first(where: { access($0, F_OK) == 0 }), let found = realpath(place, nil) else {
                let advice = given == nil ? "; name it with --library" : ""
                throw RunError(
                    .unavailable, "the preload library is not at \(places.joined(separator: " or "))\(advice)")
            }
            path = String(cString: found)
            free(found)
            // The dynamic linker splits LD_PRELOAD at spaces and colons, and expands what begins with a dollar sign.
            if path.contains(where: { " :$\t\n".contains($0) }) {
                let rule = "LD_PRELOAD cannot name a path with a space, a colon or a dollar sign"
                throw RunError(.unavailable, "\(path): \(rule); copy the library elsewhere and name it with --library")
            }
            do throws(ExecutableInspection.Failure) {
                let inspection = try ExecutableInspection(path: path)
                guard inspection.is64Bit, inspection.machine == ExecutableInspection.hostMachine,
                    inspection.kind == .staticProgram
                else { throw .damaged("it is not a library for this architecture") }
            } catch {
                throw RunError(.unavailable, "the preload library \(path) \(error)")
            }
        }
    }
#endif

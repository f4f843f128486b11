internal import Glibc

/// The reader's browser.
enum Browser {
    /// Opens a file in it.
    /// - Returns: Whether anything was there to open it with.
    static func open(_ path: String) -> Bool {
        candidates.contains { start($0, path) }
    }

    /// `$BROWSER`, a list with colons by convention; then the desktop's own, which is of use with a display only.
    private static var candidates: [String] {
        let asked = variable("BROWSER")?.split(separator: ":").map(String.init) ?? []
        let hasDisplay = variable("DISPLAY") != nil || variable("WAYLAND_DISPLAY") != nil
        return asked + (hasDisplay ? ["xdg-open"] : [])
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// Starts a program with the file and does not wait for it: it may be the browser itself.
    private static func start(_ program: String, _ path: String) -> Bool {
        let arguments = [strdup(program), strdup(path), nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        return posix_spawnp(&child, program, nil, nil, arguments, environ) == 0
    }
}

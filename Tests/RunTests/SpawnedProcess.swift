internal import Glibc

/// A process with every signal unblocked and at its default, whatever thread of the test process starts it.
struct SpawnedProcess {
    let pid: pid_t

    /// Starts a program with its three streams in files; the environment is a list of `NAME=value`.
    init?(_ line: [String], environment: [String], directory: String, streams: [String]) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, path) in streams.enumerated() {
            let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
            posix_spawn_file_actions_addopen(&actions, Int32(number), path, flags, 0o600)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        // Replaces itself by the program once it is in the directory.
        let line = ["/usr/bin/env", "-C", directory] + line
        let arguments = line.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var child: pid_t = 0
        guard posix_spawn(&child, line[0], &actions, &attributes, arguments, variables) == 0 else { return nil }
        pid = child
    }

    /// Waits for the end: the exit status, or the signal.
    func wait() -> (status: Int32, signal: Int32) {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8 & 0xFF, 0) : (0, status & 0x7F)
    }
}

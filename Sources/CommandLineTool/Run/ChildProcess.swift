#if os(Linux)
    internal import Glibc

    /// The program while it runs: started as if we were not there, with the signals that are meant for it passed on.
    ///
    /// Everything happens on the calling thread: the signals to pass on are blocked and fetched one by one, so no signal
    /// handler is needed. To be used once in a process, from its main thread, before other threads exist.
    struct ChildProcess {
        private let pid: pid_t
        private let signals: SignalRelay

        /// Starts `path`.
        ///
        /// The child gets the signal mask and dispositions that this process was started with (SIGCHLD excepted: it is
        /// never ignored, for then its status could not be had), and every open descriptor.
        ///
        /// - Parameters:
        ///   - path: The file to execute.
        ///   - arguments: All arguments, the name of the program first; each ends in a zero byte.
        ///   - environment: The whole environment.
        /// - Throws: ``RunError`` with status 126 when the kernel refuses.
        init(path: String, arguments: [[CChar]], environment: TrackingEnvironment) throws(RunError) {
            signals = SignalRelay()
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            var mask = signals.originalMask
            var defaults = signals.defaultsForChild
            posix_spawnattr_setsigmask(&attributes, &mask)
            posix_spawnattr_setsigdefault(&attributes, &defaults)
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
            let argv = CStringArray(arguments)
            let envp = CStringArray(environment.entries)
            var child: pid_t = 0
            let failure = posix_spawn(&child, path, nil, &attributes, argv.pointers, envp.pointers)
            guard failure == 0 else {
                signals.restoreAfterChild()
                throw RunError(.cannotExecute, "\(path): cannot be started: \(describe(failure))")
            }
            pid = child
        }

        /// Waits until the program has ended, stopping and continuing with it.
        ///
        /// Afterwards Ctrl-C reaches this process again.
        func waitUntilEnd() -> ProgramEnding {
            defer { signals.restoreAfterChild() }
            var stopRequested = false
            while true {
                guard let arrival = signals.next() else { continue }
                switch arrival.number {
                case SIGCHLD:
                    var status: Int32 = 0
                    while waitpid(pid, &status, WNOHANG | WUNTRACED) == pid {
                        if let ending = ProgramEnding(waitStatus: status) { return ending }
                        let stop = status >> 8 & 0xFF
                        // A SIGSTOP that nobody asked us for is somebody else's business with the program, a debugger's say.
                        guard stop != SIGSTOP || stopRequested else { continue }
                        stopRequested = false
                        signals.stopSelf(by: stop)
                    }
                case SIGTSTP:
                    stopRequested = true
                    arrival.passOn(to: pid)
                default:
                    arrival.passOn(to: pid)
                }
            }
        }
    }
#endif

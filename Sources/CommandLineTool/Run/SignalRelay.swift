#if os(Linux)
    internal import Glibc

    /// The signals of this process while the program runs.
    ///
    /// SIGINT and SIGQUIT are ignored: the terminal sends them to the program as well, and it is the program that decides
    /// what they mean. The signals that somebody may send to us in place of the program are blocked and fetched.
    struct SignalRelay {
        /// A signal that came in.
        struct Arrival {
            let number: Int32
            /// What was sent along with it, for a signal that was queued.
            let value: sigval_t?
            /// Whether the kernel sent it, a terminal most likely; the program has then got it too.
            let isFromKernel: Bool

            /// Sends the signal to the program, unless it has got it already.
            func passOn(to pid: pid_t) {
                if isFromKernel { return }
                if let value { sigqueue(pid, number, value) } else { kill(pid, number) }
            }
        }

        /// The mask this process was started with.
        let originalMask: sigset_t
        /// The signals that the program must find at their default, though we ignore them.
        let defaultsForChild: sigset_t
        private let fetched: sigset_t

        /// Those that end, stop or notify a program and that others send to it.
        private static var passedOn: [Int32] {
            [
                SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGTSTP, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
                SIGPWR,
                SIGURG,
            ] + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax())
        }

        /// Blocks and ignores what is to be blocked and ignored while the program runs.
        init() {
            let fetched = Self.set(of: Self.passedOn + [SIGCHLD])
            var original = sigset_t()
            withUnsafePointer(to: fetched) { _ = pthread_sigmask(SIG_BLOCK, $0, &original) }
            self.fetched = fetched
            originalMask = original
            // Whoever started us with a signal ignored wants it ignored in the program too.
            defaultsForChild = Self.set(of: [SIGINT, SIGQUIT].filter { !Self.isIgnored($0) } + [SIGCHLD])
            signal(SIGINT, SIG_IGN)
            signal(SIGQUIT, SIG_IGN)
            signal(SIGCHLD, SIG_DFL)
        }

        /// Waits for a signal; nil when the wait was interrupted, as it is after a stop.
        func next() -> Arrival? {
            var information = siginfo_t()
            let number = withUnsafePointer(to: fetched) { sigwaitinfo($0, &information) }
            guard number > 0 else { return nil }
            let queued = information.si_code == -1  // SI_QUEUE
            return Arrival(
                number: number,
                value: queued ? information._sifields._rt.si_sigval : nil,
                isFromKernel: information.si_code > 0
            )
        }

        /// Stops this process as the program was stopped; returns when it is continued.
        func stopSelf(by number: Int32) {
            var set = Self.set(of: [number])
            // Raised while blocked: together with the one that the terminal may have sent us it counts as one.
            kill(getpid(), number)
            pthread_sigmask(SIG_UNBLOCK, &set, nil)
            withUnsafePointer(to: fetched) { _ = pthread_sigmask(SIG_BLOCK, $0, nil) }
        }

        /// Lets Ctrl-C reach this process again, and keeps SIGTERM and SIGHUP blocked: sent to a whole group they may
        /// arrive here after the program's end, and would cost its report.
        func restoreAfterChild() {
            var mask = originalMask
            sigaddset(&mask, SIGTERM)
            sigaddset(&mask, SIGHUP)
            pthread_sigmask(SIG_SETMASK, &mask, nil)
            for number in [SIGINT, SIGQUIT]
            where withUnsafePointer(to: defaultsForChild, { sigismember($0, number) }) == 1 {
                signal(number, SIG_DFL)
            }
        }

        private static func set(of numbers: [Int32]) -> sigset_t {
            var set = sigset_t()
            sigemptyset(&set)
            for number in numbers { sigaddset(&set, number) }
            return set
        }

        private static func isIgnored(_ number: Int32) -> Bool {
            var action = sigaction()
            sigaction(number, nil, &action)
            return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        }
    }
#endif

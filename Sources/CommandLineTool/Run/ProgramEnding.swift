#if os(Linux)
    internal import Glibc

    /// How the program ended.
    enum ProgramEnding: Equatable {
        /// It exited with this status.
        case exited(Int32)
        /// This signal ended it.
        case signalled(Int32)

        /// Takes a wait status apart; nil when the process has not ended.
        init?(waitStatus: Int32) {
            switch waitStatus & 0x7F {
            case 0: self = .exited(waitStatus >> 8 & 0xFF)
            case 0x7F: return nil
            case let signal: self = .signalled(signal)
            }
        }

        /// Ends this process in the same way, so that whoever waits for it sees what they would have seen without it.
        func reproduce() -> Never {
            switch self {
            case .exited(let status):
                exit(status)
            case .signalled(let number):
                // The program has left its core file already. One byte, not zero: zero does not keep the kernel from
                // starting a core handler, one does, and no file is ever as small.
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(4), &limit)
                limit.rlim_cur = min(1, limit.rlim_max)
                setrlimit(__rlimit_resource_t(4), &limit)
                signal(number, SIG_DFL)
                var set = sigset_t()
                sigemptyset(&set)
                sigaddset(&set, number)
                pthread_sigmask(SIG_UNBLOCK, &set, nil)
                kill(getpid(), number)
                exit(128 + number)
            }
        }

        /// The ending as the end of a sentence about the program.
        var sentence: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .signalled(SIGKILL): "was killed by SIGKILL"
            case .signalled(let number): "was ended by signal \(number) (\(String(cString: strsignal(number))))"
            }
        }
    }
#endif

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import MemScopeShim

/// Runs work on a thread with 8 MiB of stack and waits for it: the threads that run Swift tasks have 512 KiB, and
/// rendering recurses as deep as the program's own stacks do. The thread takes no signals, so the program's handlers
/// never run on it, and a limit on file sizes is an error there and not the end. What it takes is MemScope's own.
enum LargeStackThread {
    /// The work as an object that a C function can be handed.
    private final class Box {
        let perform: () -> Void

        init(_ perform: @escaping () -> Void) {
            self.perform = perform
        }
    }

    /// Written by the one thread and, once that has ended, read by the other.
    private final class Answer<Value>: @unchecked Sendable {
        var value: Value?
    }

    /// What the calling thread allocates for it, and all that `body` allocates, is MemScope's own. `body` does not escape: else
    /// the caller would allocate a context for it, and that would be in the report.
    static func run<Value: Sendable>(_ body: @Sendable () -> Value) -> Value {
        memscope_ours_begin()
        defer { memscope_ours_end() }
        return withoutActuallyEscaping(body) { perform($0) }
    }

    private static func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let answer = Answer<Value>()
        let context = Unmanaged.passRetained(Box { answer.value = body() })
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 8 << 20)
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        let error = pthread_create(
            &thread, &attributes,
            { argument in
                memscope_ours_begin()
                defer { memscope_ours_end() }
                // The memory may have been the stack of one like this, which knew of blocks that had leaked.
                memscope_forget_stack(256 << 10)
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().perform()
                return nil
            }, context.toOpaque())
        // No thread to be had: then here.
        if error != 0 { context.takeRetainedValue().perform() }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        if error == 0 { pthread_join(thread, nil) }
        return answer.value!
    }
}

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import MemScopeShim

/// Runs work on a thread with 8 MiB of stack and waits for it: the threads that run Swift tasks have 512 KiB, and
/// rendering recurses as deep as the program's own stacks do.
enum LargeStackThread {
    private final class Work<Value>: @unchecked Sendable {
        let body: () -> Value
        var result: Value?

        init(_ body: @escaping () -> Value) {
            self.body = body
        }

        func run() {
            result = body()
        }
    }

    /// The work as an object that a C function can be handed.
    private final class Box {
        let perform: () -> Void

        init(_ perform: @escaping () -> Void) {
            self.perform = perform
        }
    }

    /// What the calling thread allocates for it, and all that `body` allocates, is MemScope's own.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        memscope_ours_begin()
        defer { memscope_ours_end() }
        let work = Work(body)
        let box = Box { work.run() }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 8 << 20)
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let error = pthread_create(
            &thread, &attributes,
            { argument in
                memscope_ours_begin()
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().perform()
                memscope_ours_end()
                return nil
            }, Unmanaged.passRetained(box).toOpaque())
        if error != 0 {
            // No thread to be had: then here.
            return body()
        }
        pthread_join(thread, nil)
        return work.result!
    }
}

import Glibc
import MemScope

/// Reports at all times and from everywhere.
enum Exports {
    static func attempt(_ directory: String?) -> String {
        do {
            try exportReport(to: directory)
            return "written"
        } catch {
            return "\(error.code) \(error.description)"
        }
    }

    /// Starts, allocates, and exports to each directory.
    static func run(_ directories: [String]) throws {
        try MemoryTracker.start()
        Blocks.keep(2)
        Blocks.pass(3)
        for directory in directories { say(attempt(directory)) }
    }

    /// From a task, on a thread with a small stack, with deep stacks to report.
    static func fromTask(_ directory: String) async throws {
        try MemoryTracker.start()
        await Task.detached {
            deep(400)
            say(attempt(directory))
        }.value
    }

    @inline(never)
    private static func deep(_ depth: Int) {
        if depth == 0 { Blocks.keep(2) } else { deep(depth - 1) }
        withExtendedLifetime(depth) {}
    }

    /// From eight threads and eight tasks at once.
    static func crowd(_ directory: String) async throws {
        try MemoryTracker.start()
        Blocks.keep(2)
        var threads: [pthread_t] = []
        for number in 0..<8 {
            let work = Unmanaged.passRetained(Work { say(attempt("\(directory)/thread-\(number)")) })
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { context in
                    Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            threads.append(thread)
        }
        await withTaskGroup { group in
            // Half of them to the same place.
            for number in 0..<8 { group.addTask { say(attempt("\(directory)/task-\(number / 4 * number)")) } }
        }
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Again and again: what each time leaves behind.
    static func again(_ directory: String, times: Int) throws {
        try MemoryTracker.start()
        Blocks.keep(2)
        for _ in 0..<5 { _ = attempt(directory) }
        let before = Holdings()
        for _ in 5..<times { _ = attempt(directory) }
        let after = Holdings()
        say("threads \(after.threads - before.threads)")
        say("descriptors \(after.descriptors - before.descriptors)")
        say("memory \(after.memory - before.memory)")
        say("mappings \(after.mappings - before.mappings)")
    }

    /// With a limit on the size of files, as on a full disk.
    static func limited(_ directory: String) throws {
        try MemoryTracker.start()
        Blocks.keep(2)
        say(attempt(directory))
        var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
        setrlimit(__rlimit_resource_t(1), &limit)
        say(attempt(directory))
        say(attempt(directory + "/other"))
        say("alive")
    }

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }
}

import Dispatch
import MemScope

/// Tasks that are there when the report is made, queues, and runs of scopes with known figures.
enum Owners {
    static func run(_ output: String) async throws {
        try MemoryTracker.start()
        queues()
        await runs()
        await handedOn()
        let waiting = tasks()
        await trackScope("creator") { await outlived() }
        // Until all of them wait.
        try await Task.sleep(for: .milliseconds(300))
        try exportReport(to: output)
        for task in waiting { task.cancel() }
    }

    private static func queues() {
        let group = DispatchGroup()
        for (label, count) in [("doors.first", 3), ("doors.second", 5)] {
            let queue = DispatchQueue(label: label)
            // The first event of a thread says nothing of its queue yet, and neither does the one after it in a debug build.
            for _ in 0..<4 { queue.async(group: group) { Blocks.pass(1) } }
            queue.async(group: group) { Blocks.keep(count) }
        }
        group.wait()
    }

    private static func runs() async {
        for number in 1...10 {
            trackScope("synchronous run") {
                Blocks.pass(number)
                Blocks.keep(1)
            }
            await trackScope("asynchronous run") {
                await Task.yield()
                Blocks.keep(number)
                await withTaskGroup { group in
                    for _ in 0..<2 { group.addTask { trackScope("inner run") { Blocks.pass(1) } } }
                }
            }
        }
        // A scope in a group's body, around the children that it adds.
        await withTaskGroup { group in
            trackScope("around children") {
                for _ in 0..<3 { group.addTask { Blocks.keep(1) } }
            }
        }
    }

    /// A detached task is in no scope, unless it is told.
    private static func handedOn() async {
        await trackScope("handed on") {
            let scope = TrackedScope.current
            await Task.detached { Blocks.keep(50) }.value
            await Task.detached { await trackScope(in: scope) { Blocks.keep(2) } }.value
        }
    }

    private static func tasks() -> [Task<Void, Never>] {
        (0..<3).map { number in
            Task(name: "waiting \(number)") {
                Blocks.keep(number + 1)
                try? await Task.sleep(for: .seconds(600))
            }
        }
    }

    private static func outlived() async {
        Task(name: "outlived") {
            Blocks.keep(1)
            try? await Task.sleep(for: .seconds(600))
        }
        await withTaskGroup { group in for _ in 0..<20 { group.addTask { Blocks.pass(1) } } }
    }
}

internal import MemScopeShim

extension MemoryTracker {
    /// The heap's figures as of the engine's latest cut, or `nil` when this process was never tracked.
    ///
    /// Cheap enough to ask at any time, from any thread: no lock, no system call. The figures are at most 10 milliseconds
    /// old while the program allocates, and 100 when it was idle before; under load the engine may get its turn later. Two readings with the same ``HeapFigures/instant`` are of the same cut.
    public static var figures: HeapFigures? {
        var figures = memscope_figures()
        return memscope_read_figures(&figures) ? HeapFigures(figures) : nil
    }

    /// The names of the scopes that the caller runs in, outermost first, such as `GET /users/{id} > load user`. `nil`
    /// outside of any scope, and while tracking is off.
    ///
    /// A path longer than a kilobyte loses its outermost names.
    public static var currentScope: String? {
        let run = memscope_scope_current()
        guard run != 0 else { return nil }
        memscope_ours_begin()
        defer { memscope_ours_end() }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { room in
            let length = memscope_scope_path(run, room.baseAddress!, UInt32(room.count))
            return String(decoding: UnsafeRawBufferPointer(room).prefix(Int(length)), as: UTF8.self)
        }
    }

    /// The number of the task that the caller runs in, as the Swift runtime counts tasks. `nil` outside of tasks, and
    /// where tasks cannot be read.
    public static var currentTask: UInt64? {
        let task = memscope_current_task()
        return task == 0 ? nil : task
    }
}

import MemScopeShim

/// An engine with threads, tasks, scopes and runs, filled as the hooks fill them.
///
/// Ring `n` is the one of thread `n`. Leaf 1 has 10 bytes, leaf 2 has 100.
final class AttributionMemory {
    let memory: EngineMemory
    private var contexts: UInt32 = 1
    private var tasks: UInt32 = 1
    private var runs: UInt32 = 1

    init(threads: Int = 1) {
        memory = EngineMemory(sizes: [10, 100], rings: threads)
        for thread in 0..<threads { memory.setThread(UInt32(thread), ofRing: thread) }
    }

    var state: UnsafeMutablePointer<memscope_engine> { memory.state }
    func ring(_ thread: Int) -> RingWriter { memory.rings[thread] }

    /// Adds a scope inside another (index + 1, 0 for none); returns its index + 1.
    func scope(in parent: UInt32 = 0) -> UInt32 {
        let depth = parent == 0 ? 0 : state.pointee.scopes[Int(parent) - 1].depth + 1
        state.pointee.scopes[Int(state.pointee.scope_count)].parent = parent
        state.pointee.scopes[Int(state.pointee.scope_count)].depth = depth
        state.pointee.scope_count += 1
        return state.pointee.scope_count
    }

    /// Begins a run, at a time if it has one; returns its word.
    func begin(_ scope: UInt32, in outer: UInt64 = 0, at time: UInt64 = 0) -> UInt64 {
        let index = take(&state.pointee.free_run, &runs) { self.state.pointee.runs[$0].next }
        state.pointee.runs[Int(index)].outer = outer
        state.pointee.runs[Int(index)].scope = scope
        state.pointee.runs[Int(index)].begin = time
        return UInt64(state.pointee.runs[Int(index)].serial) << 40 | UInt64(index) << 17 | UInt64(scope)
    }

    /// Ends a run, told by a thread's ring.
    func end(_ run: UInt64, on thread: Int = 0, at time: UInt64 = 0) {
        state.pointee.runs[Int(index(of: run))].end = time
        state.pointee.runs[Int(index(of: run))].serial += 1
        ring(thread).note(MEMSCOPE_CONTROL_RUN_END, UInt64(index(of: run)))
    }

    /// A task's record; `site` as in the layout.
    func task(site: UInt32 = 4 << 2 | 1, id: UInt64) -> UInt32 {
        let index = take(&state.pointee.free_task, &tasks) { self.state.pointee.tasks[$0].next_sibling }
        state.pointee.tasks[Int(index)] = memscope_task()
        state.pointee.tasks[Int(index)].id = id
        state.pointee.tasks[Int(index)].site = site
        state.pointee.tasks[Int(index)].address = 4096 + UInt64(index)
        return index
    }

    /// Makes a task one that lies inside another, as `async let` does.
    func put(_ task: UInt32, inside parent: UInt32, on thread: Int = 0) {
        state.pointee.tasks[Int(task)].parent = parent
        ring(thread).note(MEMSCOPE_CONTROL_TASK_BEGIN, UInt64(task))
    }

    /// Ends a task, told by a thread's ring.
    func end(task: UInt32, on thread: Int = 0) {
        let id = state.pointee.tasks[Int(task)].id
        ring(thread).note(MEMSCOPE_CONTROL_TASK_END, id << 32 | UInt64(task))
    }

    /// A context of a thread, in its ring from now on.
    func context(_ thread: Int = 0, task: UInt32 = 0, run: UInt64 = 0) -> Int {
        let index = take(&state.pointee.free_context, &contexts) { self.state.pointee.contexts[$0].next }
        let context = state.pointee.contexts + Int(index)
        context.pointee.thread = UInt32(thread)
        context.pointee.task = task
        context.pointee.task_id = UInt32(state.pointee.tasks[Int(task)].id)
        context.pointee.run = run
        context.pointee.site = task == 0 ? 0 : state.pointee.tasks[Int(task)].site
        context.pointee.next = task == 0 ? 0 : state.pointee.tasks[Int(task)].first_context
        if task != 0 { state.pointee.tasks[Int(task)].first_context = index }
        ring(thread).note(MEMSCOPE_CONTROL_CONTEXT_BEGIN, UInt64(index))
        return Int(index)
    }

    /// Says that a context gets no more allocations.
    func end(context: Int, on thread: Int = 0) {
        ring(thread).note(MEMSCOPE_CONTROL_CONTEXT_END, UInt64(context))
    }

    /// The sums of contexts that are gone.
    func group(thread: UInt32, scope: UInt32 = 0, site: UInt32 = 0) -> memscope_sums {
        for index in 0..<Int(MEMSCOPE_GROUPS) {
            let group = state.pointee.groups[index]
            if group.used != 0, group.thread == thread, group.scope == scope, group.site == site { return group.sums }
        }
        return memscope_sums()
    }

    /// All that groups and contexts hold together.
    var everything: memscope_sums {
        var sums = memscope_sums()
        func add(_ more: memscope_sums) {
            sums.allocations += more.allocations
            sums.frees += more.frees
            sums.temporaries += more.temporaries
            sums.allocated_bytes += more.allocated_bytes
            sums.freed_bytes += more.freed_bytes
        }
        for index in 0..<Int(MEMSCOPE_GROUPS) where state.pointee.groups[index].used != 0 {
            add(state.pointee.groups[index].sums)
        }
        for index in 0..<Int(contexts) { add(state.pointee.contexts[index].sums) }
        return sums
    }

    func runs(of scope: UInt32) -> memscope_scope_runs { state.pointee.scope_runs[Int(scope) - 1] }
    func task(_ index: UInt32) -> memscope_task { state.pointee.tasks[Int(index)] }
    func index(of run: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: run >> 17) & 0x7f_ffff }

    private func take(_ head: inout UInt32, _ count: inout UInt32, _ next: (Int) -> UInt32) -> UInt32 {
        guard head != 0 else {
            count += 1
            precondition(count <= 64)
            return count - 1
        }
        let index = head
        head = next(Int(index))
        return index
    }
}

internal import MemScopeShim

/// Contexts, tasks and runs that have ended. They are dealt with at the end of a round, when the cut is whole: then all that
/// happened before an end is counted, on whichever thread it happened.
extension StateEngine {
    /// Queues an ended context whose blocks are all freed.
    @_noLocks @_noAllocation
    func queueIfEmpty(_ index: UInt32) {
        let context = contexts + Int(index)
        guard context.pointee.sums.frees == context.pointee.sums.allocations,
            context.pointee.flags & MEMSCOPE_CONTEXT_QUEUED.rawValue == 0
        else { return }
        context.pointee.flags |= MEMSCOPE_CONTEXT_QUEUED.rawValue
        context.pointee.next = state.pointee.ended_context
        state.pointee.ended_context = index
    }

    /// Queues an ended task. One inside of another leaves that one's list first, because the list's links make the queue.
    @_noLocks @_noAllocation
    func queueTask(_ index: UInt32) {
        let task = tasks + Int(index)
        guard task.pointee.flags & MEMSCOPE_TASK_ENDED.rawValue == 0 else { return }
        task.pointee.flags |= MEMSCOPE_TASK_ENDED.rawValue
        if task.pointee.parent != 0 { removeChild(index, of: tasks + Int(task.pointee.parent)) }
        task.pointee.next_sibling = state.pointee.ended_task
        state.pointee.ended_task = index
    }

    @_noLocks @_noAllocation
    private func removeChild(_ index: UInt32, of parent: UnsafeMutablePointer<memscope_task>) {
        var previous: UInt32 = 0
        var child = parent.pointee.first_child
        while child != 0 && child != index {
            previous = child
            child = tasks[Int(child)].next_sibling
        }
        guard child == index else { return }
        let next = tasks[Int(index)].next_sibling
        if previous == 0 {
            parent.pointee.first_child = next
        } else {
            tasks[Int(previous)].next_sibling = next
        }
    }

    /// Queues an ended run.
    @_noLocks @_noAllocation
    func queueRun(_ index: UInt32, endedBy thread: UInt32) {
        let run = state.pointee.runs + Int(index)
        run.pointee.ended_by = thread &+ 1
        run.pointee.next = state.pointee.ended_run
        state.pointee.ended_run = index
        let depth = depth(of: run)
        if depth > state.pointee.ended_run_depth { state.pointee.ended_run_depth = depth }
    }

    /// Remembers what a thread frees of a run, and of those around it, after it ended them. What other threads do between the
    /// end and the end of the round cannot be told from what they did before.
    @_noLocks @_noAllocation
    func noteFreeSinceEnd(of context: UnsafeMutablePointer<memscope_context>, _ size: UInt64, by thread: UInt32) {
        // The ring that tells of the context's beginning may come later in the round.
        let hasBegun = context.pointee.flags & MEMSCOPE_CONTEXT_BEGUN.rawValue != 0
        var index = hasBegun ? context.pointee.listed_run : openRun(context.pointee.run)
        while index != 0 {
            let run = state.pointee.runs + Int(index)
            if run.pointee.ended_by == thread &+ 1 { run.pointee.bytes_freed_since &+= size }
            index = openRun(run.pointee.outer)
        }
    }

    @_noLocks @_noAllocation
    private func depth(of run: UnsafeMutablePointer<memscope_run>) -> UInt32 {
        let outer = Self.scope(of: run.pointee.outer)
        return outer == 0 ? 0 : state.pointee.scopes[Int(outer) &- 1].depth &+ 1
    }

    /// Deals with all that is queued.
    @_noLocks @_noAllocation
    func foldWhatEnded() {
        closeRuns()
        while state.pointee.ended_task != 0 {
            let index = state.pointee.ended_task
            state.pointee.ended_task = tasks[Int(index)].next_sibling
            closeTask(index)
        }
        while state.pointee.ended_context != 0 {
            let index = state.pointee.ended_context
            let context = contexts + Int(index)
            state.pointee.ended_context = context.pointee.next
            context.pointee.flags &= ~MEMSCOPE_CONTEXT_QUEUED.rawValue
            // It was empty when another thread's ring told its end. Its own ring may have been drained after that one.
            if context.pointee.sums.frees == context.pointee.sums.allocations { fold(index) }
        }
    }

    /// Closes the queued runs, inner ones first, whatever the order in which rings told their ends.
    @_noLocks @_noAllocation
    private func closeRuns() {
        while state.pointee.ended_run != 0 {
            var deeper: UInt32 = 0
            var rest: UInt32 = 0
            var index = state.pointee.ended_run
            while index != 0 {
                let run = state.pointee.runs + Int(index)
                let next = run.pointee.next
                let depth = depth(of: run)
                if depth >= state.pointee.ended_run_depth {
                    close(run: index)
                } else {
                    if depth > deeper { deeper = depth }
                    run.pointee.next = rest
                    rest = index
                }
                index = next
            }
            state.pointee.ended_run = rest
            state.pointee.ended_run_depth = deeper
        }
        state.pointee.ended_run_depth = 0
    }

    /// Notes what a run allocated and retains, hands its contexts to the run around it, and gives its place back.
    @_noLocks @_noAllocation
    private func close(run index: UInt32) {
        let run = state.pointee.runs + Int(index)
        let outer = openRun(run.pointee.outer)
        var allocations = run.pointee.folded_allocations
        var bytes = run.pointee.folded_bytes
        var retained = run.pointee.bytes_freed_since
        var scope: UInt32 = 0
        var context = run.pointee.first_context
        while context != 0 {
            let entry = contexts + Int(context)
            let next = entry.pointee.run_next
            allocations &+= entry.pointee.sums.allocations
            bytes &+= entry.pointee.sums.allocated_bytes
            retained &+= entry.pointee.sums.allocated_bytes &- entry.pointee.sums.freed_bytes
            entry.pointee.listed_run = 0
            list(context, in: outer)
            context = next
        }
        if outer != 0 {
            state.pointee.runs[Int(outer)].folded_allocations &+= run.pointee.folded_allocations
            state.pointee.runs[Int(outer)].folded_bytes &+= run.pointee.folded_bytes
        }
        scope = run.pointee.scope
        if scope != 0 && scope <= state.pointee.scope_runs_capacity {
            let runs = state.pointee.scope_runs + (Int(scope) &- 1)
            runs.pointee.ended &+= 1
            memscope_distribution_add(&runs.pointee.allocations, allocations)
            memscope_distribution_add(&runs.pointee.allocated_bytes, bytes)
            memscope_distribution_add(&runs.pointee.retained_bytes, retained)
        }
        keepEvent(run, allocations: allocations, bytes: bytes, retained: retained)
        run.pointee.first_context = 0
        run.pointee.folded_allocations = 0
        run.pointee.folded_bytes = 0
        run.pointee.bytes_freed_since = 0
        run.pointee.ended_by = 0
        run.pointee.begin = 0
        run.pointee.end = 0
        run.pointee.drained_serial = (run.pointee.drained_serial &+ 1) & UInt32(MEMSCOPE_RUN_SERIAL_MASK)
        memscope_push_free(&state.pointee.free_run, index, &run.pointee.next)
    }

    /// Keeps a run for the timeline if it is among the longest.
    @_noLocks @_noAllocation
    private func keepEvent(
        _ run: UnsafeMutablePointer<memscope_run>, allocations: UInt64, bytes: UInt64, retained: UInt64
    ) {
        // The run began and ended on two threads' clocks.
        var event = memscope_scope_event(
            begin: run.pointee.begin, end: max(run.pointee.begin, run.pointee.end), allocations: allocations,
            allocated_bytes: bytes, retained_bytes: retained, scope: run.pointee.scope, lot: 0)
        if event.begin == 0 || event.scope == 0 { return }
        memscope_scope_event_keep(
            state.pointee.scope_events, &state.pointee.scope_event_count, &event, state.pointee.scope_events_seen)
        state.pointee.scope_events_seen &+= 1
    }

    /// Ends a task's contexts and the tasks inside of it, adds it to its site, and gives its place back.
    @_noLocks @_noAllocation
    private func closeTask(_ index: UInt32) {
        let task = tasks + Int(index)
        var context = task.pointee.first_context
        while context != 0 {
            let entry = contexts + Int(context)
            let next = entry.pointee.next
            entry.pointee.flags |= MEMSCOPE_CONTEXT_ENDED.rawValue
            queueIfEmpty(context)
            context = next
        }
        while task.pointee.first_child != 0 {
            queueTask(task.pointee.first_child)
        }
        noteFinished(task)
        task.pointee.flags = 0
        task.pointee.address = 0
        task.pointee.id = 0
        memscope_push_free(&state.pointee.free_task, index, &task.pointee.next_sibling)
    }

    /// Adds an ended context to its group and gives its place back.
    @_noLocks @_noAllocation
    private func fold(_ index: UInt32) {
        let context = contexts + Int(index)
        if context.pointee.listed_run != 0 {
            let run = state.pointee.runs + Int(context.pointee.listed_run)
            run.pointee.folded_allocations &+= context.pointee.sums.allocations
            run.pointee.folded_bytes &+= context.pointee.sums.allocated_bytes
            unlist(index)
        }
        addToGroup(context)
        context.pointee.sums = memscope_sums()
        context.pointee.flags = 0
        memscope_push_free(&state.pointee.free_context, index, &context.pointee.next)
    }
}

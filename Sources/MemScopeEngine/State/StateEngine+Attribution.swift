internal import MemScopeShim

/// Whose the events are: each is added to a context, to its task and to its thread.
extension StateEngine {
    @inline(__always) @_noLocks @_noAllocation
    mutating func attributeAllocation(_ index: Int, _ size: UInt64) {
        if index != batch.context { beginBatch(index) }
        batch.addAllocation(size)
    }

    @inline(__always) @_noLocks @_noAllocation
    mutating func attributeFree(_ index: Int, _ size: UInt64, by thread: UInt32, isTemporary: Bool) {
        if index != batch.context {
            // What another thread allocated is looked at one by one; likewise while a run's end waits to be dealt with.
            if contexts[index].thread != thread || state.pointee.ended_run != 0 {
                attributeSingleFree(index, size, by: thread, isTemporary: isTemporary)
                return
            }
            beginBatch(index)
        }
        batch.addFree(size, isTemporary: isTemporary)
    }

    @_noLocks @_noAllocation
    private mutating func beginBatch(_ index: Int) {
        endBatch()
        batch.context = index
    }

    /// Adds the batch to its context, task and thread.
    @_noLocks @_noAllocation
    mutating func endBatch() {
        if batch.context < 0 { return }
        let context = contexts + batch.context
        context.pointee.sums.allocations &+= batch.allocations
        context.pointee.sums.frees &+= batch.frees
        context.pointee.sums.temporaries &+= batch.temporaries
        context.pointee.sums.allocated_bytes &+= batch.allocatedBytes
        context.pointee.sums.freed_bytes &+= batch.allocatedBytes &- UInt64(bitPattern: batch.rise)
        // Below zero inside a cut, as the heap may be.
        let thread = threads + Int(context.pointee.thread)
        let live = Int64(bitPattern: thread.pointee.live_bytes)
        if live &+ batch.highest > Int64(bitPattern: thread.pointee.peak_bytes) {
            thread.pointee.peak_bytes = UInt64(bitPattern: live &+ batch.highest)
        }
        thread.pointee.live_bytes = UInt64(bitPattern: live &+ batch.rise)
        let task = tasks + Int(context.pointee.task)
        if owns(task, context) {
            task.pointee.allocations &+= batch.allocations
            task.pointee.allocated_bytes &+= batch.allocatedBytes
            task.pointee.live_blocks &+= UInt32(truncatingIfNeeded: batch.allocations &- batch.frees)
            task.pointee.temporaries &+= UInt32(truncatingIfNeeded: batch.temporaries)
            let live = Int64(bitPattern: task.pointee.live_bytes)
            if live &+ batch.highest > Int64(bitPattern: task.pointee.peak_bytes) {
                task.pointee.peak_bytes = UInt64(bitPattern: live &+ batch.highest)
            }
            task.pointee.live_bytes = UInt64(bitPattern: live &+ batch.rise)
        }
        if context.pointee.flags & MEMSCOPE_CONTEXT_ENDED.rawValue != 0 {
            queueIfEmpty(UInt32(truncatingIfNeeded: batch.context))
        }
        batch = AttributionBatch()
    }

    @_noLocks @_noAllocation
    private mutating func attributeSingleFree(_ index: Int, _ size: UInt64, by thread: UInt32, isTemporary: Bool) {
        // A peak is judged when a batch ends, by what is live then.
        endBatch()
        let context = contexts + index
        let owner = context.pointee.thread
        if owner != thread { noteHandover(from: owner, to: thread, size) }
        if state.pointee.ended_run != 0 { noteFreeSinceEnd(of: context, size, by: thread) }
        batch.context = index
        batch.addFree(size, isTemporary: isTemporary)
        endBatch()
    }

    /// Whether a context is one of a task, and the task is still the one it was.
    @inline(__always) @_noLocks @_noAllocation
    private func owns(_ task: UnsafeMutablePointer<memscope_task>, _ context: UnsafeMutablePointer<memscope_context>)
        -> Bool
    {
        context.pointee.task != 0 && UInt32(truncatingIfNeeded: task.pointee.id) == context.pointee.task_id
    }

    /// What a thread's ring says besides events.
    @_noLocks @_noAllocation
    mutating func applyNote(_ control: UInt64, _ raw: UInt64, of thread: UInt32) {
        endBatch()
        let index = UInt32(truncatingIfNeeded: raw)
        if control == UInt64(MEMSCOPE_CONTROL_CONTEXT_BEGIN.rawValue) {
            contexts[Int(index)].flags |= MEMSCOPE_CONTEXT_BEGUN.rawValue
            list(index, in: openRun(contexts[Int(index)].run))
        } else if control == UInt64(MEMSCOPE_CONTROL_CONTEXT_END.rawValue) {
            contexts[Int(index)].flags |= MEMSCOPE_CONTEXT_ENDED.rawValue
            queueIfEmpty(index)
        } else if control == UInt64(MEMSCOPE_CONTROL_TASK_BEGIN.rawValue) {
            // The ring that tells the end may have been drained first. The task is queued then, by the link that lists it here.
            if tasks[Int(index)].flags & MEMSCOPE_TASK_ENDED.rawValue != 0 { return }
            let parent = tasks + Int(tasks[Int(index)].parent)
            tasks[Int(index)].next_sibling = parent.pointee.first_child
            parent.pointee.first_child = index
        } else if control == UInt64(MEMSCOPE_CONTROL_TASK_END.rawValue) {
            let id = UInt32(truncatingIfNeeded: tasks[Int(index)].id)
            if id == UInt32(truncatingIfNeeded: raw >> 32) { queueTask(index) }
        } else if control == UInt64(MEMSCOPE_CONTROL_RUN_END.rawValue) {
            queueRun(index, endedBy: thread)
        }
    }

    @_noLocks @_noAllocation
    private func noteHandover(from owner: UInt32, to thread: UInt32, _ size: UInt64) {
        let mask = Int(MEMSCOPE_HANDOVERS &- 1)
        let hash = (UInt64(owner) << 32 | UInt64(thread)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: hash >> 40) & mask
        var probes = 0
        while probes < 64 {
            let entry = state.pointee.handovers + slot
            if entry.pointee.frees == 0 {
                entry.pointee.allocated_by = owner
                entry.pointee.freed_by = thread
            }
            if entry.pointee.allocated_by == owner && entry.pointee.freed_by == thread {
                entry.pointee.frees &+= 1
                entry.pointee.bytes &+= size
                return
            }
            slot = (slot &+ 1) & mask
            probes &+= 1
        }
        state.pointee.handovers_lost &+= 1
    }
}

internal import MemScopeShim

/// The list of contexts that a run is charged for, and the tables that keep what is gone.
extension StateEngine {
    @_noLocks @_noAllocation
    static func scope(of run: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: run & 0x1_ffff)
    }

    /// The run that a word names, if its end has not been drained; else 0.
    @_noLocks @_noAllocation
    func openRun(_ word: UInt64) -> UInt32 {
        let index = UInt32(truncatingIfNeeded: word >> 17) & 0x7f_ffff
        if index == 0 { return 0 }
        return state.pointee.runs[Int(index)].drained_serial == UInt32(truncatingIfNeeded: word >> 40) ? index : 0
    }

    /// Puts a context that is in no list into that of a run; 0 is none.
    @_noLocks @_noAllocation
    func list(_ index: UInt32, in run: UInt32) {
        let context = contexts + Int(index)
        context.pointee.listed_run = run
        if run == 0 { return }
        let first = state.pointee.runs[Int(run)].first_context
        context.pointee.run_previous = 0
        context.pointee.run_next = first
        if first != 0 { contexts[Int(first)].run_previous = index }
        state.pointee.runs[Int(run)].first_context = index
    }

    /// Takes a context out of its run's list.
    @_noLocks @_noAllocation
    func unlist(_ index: UInt32) {
        let context = contexts + Int(index)
        let previous = context.pointee.run_previous
        let next = context.pointee.run_next
        if previous == 0 {
            state.pointee.runs[Int(context.pointee.listed_run)].first_context = next
        } else {
            contexts[Int(previous)].run_next = next
        }
        if next != 0 { contexts[Int(next)].run_previous = previous }
        context.pointee.listed_run = 0
    }

    /// Adds a context's sums to those of its thread, scope and site. What finds no room goes to element 0, which stands for
    /// any.
    @_noLocks @_noAllocation
    func addToGroup(_ context: UnsafeMutablePointer<memscope_context>) {
        let scope = Self.scope(of: context.pointee.run)
        let mask = Int(MEMSCOPE_GROUPS &- 1)
        let hash =
            (UInt64(context.pointee.thread) << 32 | UInt64(context.pointee.site)) &* 0x9E37_79B9_7F4A_7C15
            ^ UInt64(scope) &* 0xD6E8_FEB8_6659_FD93
        var slot = Int(truncatingIfNeeded: (hash ^ hash >> 31) >> 20) & mask
        var group = state.pointee.groups
        var probes = 0
        while probes < 256 {
            // Element 0 is kept for what finds no room.
            let entry = state.pointee.groups + (slot == 0 ? 1 : slot)
            if entry.pointee.used == 0 {
                beginUse(of: entry)
                entry.pointee.thread = context.pointee.thread
                entry.pointee.scope = scope
                entry.pointee.site = context.pointee.site
            }
            if entry.pointee.thread == context.pointee.thread && entry.pointee.scope == scope
                && entry.pointee.site == context.pointee.site
            {
                group = entry
                break
            }
            slot = (slot &+ 1) & mask
            probes &+= 1
        }
        if group == state.pointee.groups {
            if group.pointee.used == 0 { beginUse(of: group) }
            state.pointee.groups_lost &+= 1
        }
        group.pointee.sums.add(context.pointee.sums)
    }

    @_noLocks @_noAllocation
    private func beginUse(of group: UnsafeMutablePointer<memscope_group>) {
        group.pointee.used = 1
        state.pointee.group_list[Int(state.pointee.group_count)] = UInt32(
            truncatingIfNeeded: group - state.pointee.groups)
        state.pointee.group_count &+= 1
    }

    /// Adds a task that is gone to those of its site.
    @_noLocks @_noAllocation
    func noteFinished(_ task: UnsafeMutablePointer<memscope_task>) {
        let mask = Int(MEMSCOPE_TASK_SITES &- 1)
        var slot = Int(truncatingIfNeeded: UInt64(task.pointee.site) &* 0x9E37_79B9_7F4A_7C15 >> 44) & mask
        var probes = 0
        while probes < 256 {
            let entry = state.pointee.task_sites + slot
            if entry.pointee.site == 0 { entry.pointee.site = task.pointee.site }
            if entry.pointee.site == task.pointee.site {
                entry.pointee.finished &+= 1
                let now = UInt32(truncatingIfNeeded: state.pointee.now / 1_000_000)
                entry.pointee.milliseconds &+= UInt64(now &- min(now, task.pointee.first_seen))
                entry.pointee.peak_bytes = max(entry.pointee.peak_bytes, task.pointee.peak_bytes)
                entry.pointee.allocated_bytes = max(entry.pointee.allocated_bytes, task.pointee.allocated_bytes)
                return
            }
            slot = (slot &+ 1) & mask
            probes &+= 1
        }
        state.pointee.task_sites_lost &+= 1
    }
}

extension memscope_sums {
    @_noLocks @_noAllocation
    mutating func add(_ other: memscope_sums) {
        allocations &+= other.allocations
        frees &+= other.frees
        temporaries &+= other.temporaries
        allocated_bytes &+= other.allocated_bytes
        freed_bytes &+= other.freed_bytes
    }
}

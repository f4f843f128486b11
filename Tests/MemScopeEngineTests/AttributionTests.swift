import MemScopeShim
import Testing

/// Tasks, threads and the runs of scopes: who is charged, and what remains when they are gone.
@Suite struct AttributionTests {
    @Test func `a task's live bytes and peak go over its contexts on all threads`() {
        let program = AttributionMemory(threads: 2)
        let task = program.task(id: 1)
        let here = program.context(0, task: task)
        let there = program.context(1, task: task)
        program.ring(0).allocate(2, context: here)
        program.ring(0).allocate(2, context: here)
        program.memory.drainAll(epoch: 1)
        program.ring(1).free(2, context: here)
        program.ring(1).allocate(1, context: there)
        program.memory.drainAll(epoch: 2)
        #expect(program.task(task).live_bytes == 110)
        #expect(program.task(task).peak_bytes == 200)
        #expect(program.state.pointee.threads[0].live_bytes == 100)
        #expect(program.state.pointee.threads[0].peak_bytes == 200)
        #expect(program.state.pointee.threads[1].live_bytes == 10)
    }

    @Test func `what one thread allocates and another frees is a handover`() {
        let program = AttributionMemory(threads: 2)
        let context = program.context(0)
        for _ in 0..<3 { program.ring(0).allocate(2, context: context) }
        program.ring(0).free(2, context: context)
        program.memory.drainAll(epoch: 1)
        for _ in 0..<2 { program.ring(1).free(2, context: context) }
        program.memory.drainAll(epoch: 2)
        let handovers = (0..<Int(MEMSCOPE_HANDOVERS)).map { program.state.pointee.handovers[$0] }.filter {
            $0.frees > 0
        }
        #expect(handovers.count == 1)
        #expect(handovers.first?.allocated_by == 0)
        #expect(handovers.first?.freed_by == 1)
        #expect(handovers.first?.frees == 2)
        #expect(handovers.first?.bytes == 200)
    }

    @Test func `a task that ends with nothing live folds into its site and gives its place back`() {
        let program = AttributionMemory()
        let task = program.task(site: 9 << 2 | 2, id: 1)
        let context = program.context(task: task)
        program.ring(0).allocate(2, context: context)
        program.ring(0).free(2, context: context)
        program.end(task: task)
        program.memory.drainAll()
        #expect(program.group(thread: 0, site: 9 << 2 | 2).allocations == 1)
        #expect(program.group(thread: 0, site: 9 << 2 | 2).frees == 1)
        #expect(program.memory.context(context).allocations == 0)
        #expect(program.state.pointee.free_task == task)
        #expect(program.state.pointee.free_context == UInt32(context))
        let site = (0..<Int(MEMSCOPE_TASK_SITES)).map { program.state.pointee.task_sites[$0] }.first { $0.site != 0 }
        #expect(site?.site == UInt32(9 << 2 | 2))
        #expect(site?.finished == 1)
        #expect(site?.peak_bytes == 100)
        #expect(site?.allocated_bytes == 100)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [0, 1])
    func `a child task's end may be told by a ring that is drained before the ring of its beginning`(first: Int) {
        let program = AttributionMemory(threads: 2)
        let parent = program.task(id: 1)
        let child = program.task(id: 2)
        program.put(child, inside: parent, on: first)
        program.end(task: child, on: 1 - first)
        program.memory.drainAll(epoch: 1)
        #expect(program.task(parent).first_child == 0)
        #expect(program.state.pointee.free_task == child)
        program.end(task: parent)
        program.memory.drainAll(epoch: 2)
        #expect(program.state.pointee.free_task == parent)
    }

    @Test func `what outlives its task is charged to the site until it is freed`() {
        let program = AttributionMemory()
        let task = program.task(id: 1)
        let context = program.context(task: task)
        program.ring(0).allocate(2, context: context)
        program.end(task: task)
        program.memory.drainAll(epoch: 1)
        #expect(program.state.pointee.free_task == task)
        #expect(program.state.pointee.free_context == 0)
        // The place serves another task meanwhile, which is not charged for what the first one left.
        let other = program.task(id: 2)
        #expect(other == task)
        program.ring(0).free(2, context: context)
        program.memory.drainAll(epoch: 2)
        #expect(program.task(other).live_bytes == 0)
        #expect(program.group(thread: 0, site: 4 << 2 | 1).frees == 1)
        #expect(program.state.pointee.free_context == UInt32(context))
    }

    @Test func `an end that another ring tells first waits for what happened before it`() {
        let program = AttributionMemory(threads: 2)
        let task = program.task(id: 1)
        let context = program.context(1, task: task)
        program.ring(1).allocate(2, context: context)
        program.ring(1).free(2, context: context)
        // Ring 0 is drained first.
        program.end(task: task, on: 0)
        program.memory.drainAll()
        #expect(program.group(thread: 1, site: 4 << 2 | 1).allocations == 1)
        #expect(program.state.pointee.free_context == UInt32(context))
        #expect(program.everything.allocations == 1)
    }

    @Test func `a context whose end another ring tells first keeps what lives`() {
        let program = AttributionMemory(threads: 2)
        let task = program.task(id: 1)
        let context = program.context(1, task: task)
        program.state.pointee.tasks[Int(task)].first_context = 0
        program.ring(1).allocate(2, context: context)
        program.end(context: context, on: 0)
        program.memory.drainAll(epoch: 1)
        #expect(program.memory.context(context).allocations == 1)
        #expect(program.state.pointee.free_context == 0)
        program.ring(0).free(2, context: context)
        program.memory.drainAll(epoch: 2)
        #expect(program.state.pointee.free_context == UInt32(context))
        #expect(program.group(thread: 1, site: 4 << 2 | 1).frees == 1)
    }

    @Test func `an end that was meant for an earlier task at the place is ignored`() {
        let program = AttributionMemory()
        let task = program.task(id: 5)
        program.ring(0).note(MEMSCOPE_CONTROL_TASK_END, 4 << 32 | UInt64(task))
        program.memory.drainAll()
        #expect(program.state.pointee.free_task == 0)
        #expect(program.task(task).id == 5)
    }

    @Test func `tasks inside of a task end with it, or before it`() {
        let program = AttributionMemory()
        let parent = program.task(id: 1)
        let children = (2...4).map { program.task(site: 4 << 2 | 3, id: $0) }
        for child in children { program.put(child, inside: parent) }
        let grandchild = program.task(site: 4 << 2 | 3, id: 9)
        program.put(grandchild, inside: children[2])
        program.memory.drainAll(epoch: 1)
        program.end(task: children[1])
        program.memory.drainAll(epoch: 2)
        #expect(program.task(children[1]).id == 0)
        #expect(program.task(children[0]).id == 2)
        program.end(task: parent)
        program.memory.drainAll(epoch: 3)
        for task in children + [parent, grandchild] { #expect(program.task(task).id == 0) }
        let sites = (0..<Int(MEMSCOPE_TASK_SITES)).map { program.state.pointee.task_sites[$0] }
        #expect(sites.first { $0.site == 4 << 2 | 3 }?.finished == 4)
    }

    @Test func `a context that ended while its task lives stays in the task's figures`() {
        let program = AttributionMemory()
        let task = program.task(id: 1)
        let context = program.context(task: task)
        program.ring(0).allocate(2, context: context)
        program.ring(0).free(2, context: context, isTemporary: true)
        // The hooks have taken it out of the task's list.
        program.state.pointee.tasks[Int(task)].first_context = 0
        program.end(context: context)
        program.memory.drainAll()
        #expect(program.task(task).allocations == 1)
        #expect(program.task(task).allocated_bytes == 100)
        #expect(program.task(task).live_blocks == 0)
        #expect(program.task(task).temporaries == 1)
        #expect(program.task(task).peak_bytes == 100)
    }

    @Test func `what a task's ended run left is not charged to the next task at the place`() {
        let program = AttributionMemory()
        let task = program.task(id: 1)
        let context = program.context(task: task)
        program.ring(0).allocate(2, context: context)
        program.state.pointee.tasks[Int(task)].first_context = 0
        program.end(context: context)
        program.memory.drainAll(epoch: 1)
        #expect(program.task(task).live_bytes == 100)
        program.end(task: task)
        program.memory.drainAll(epoch: 2)
        let other = program.task(id: 2)
        #expect(other == task)
        program.ring(0).free(2, context: context)
        program.memory.drainAll(epoch: 3)
        #expect(program.task(other).live_bytes == 0)
        #expect(program.task(other).live_blocks == 0)
    }
}

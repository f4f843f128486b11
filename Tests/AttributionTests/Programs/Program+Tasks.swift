import Truth

/// The steps that create tasks.
extension Program {
    func performChildren(_ step: Step, isolation: isolated (any Actor)? = #isolation) async {
        switch step {
        case .letBound(let bodies): await bind(bodies)
        case .group(let bodies):
            await withTaskGroup { group in
                for body in bodies {
                    truth_task_created(UInt32(#line + 1), 2, 0)
                    group.addTask { await self.performAsTask(body) }
                }
            }
        case .groupThatThrows(let bodies):
            try? await withThrowingTaskGroup { group in
                for (index, body) in bodies.enumerated() {
                    truth_task_created(UInt32(#line + 1), 2, 0)
                    group.addTask {
                        await self.performAsTask(body)
                        if index == 0 { throw Refusal() }
                    }
                }
                try await group.waitForAll()
            }
        case .cancelledEarly(let bodies):
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                for body in bodies {
                    truth_task_created(UInt32(#line + 1), 2, 0)
                    group.addTask { await self.performAsTask(body) }
                    if group.addTaskUnlessCancelled(operation: {}) { fatalError("not cancelled") }
                }
            }
        default: await performTask(step)
        }
    }

    /// A task's body. Tasks that never allocate have no records.
    func performAsTask(_ steps: [Step]) async {
        beginTask()
        await perform(steps)
    }

    private func bind(_ bodies: [[Step]], isolation: isolated (any Actor)? = #isolation) async {
        async let first: Void = performAsTask(bodies[0])
        if bodies.count > 1 {
            async let second: Void = performAsTask(bodies[1])
            if bodies.count > 2 {
                async let third: Void = performAsTask(bodies[2])
                _ = await (first, second, third)
            } else {
                // Left alone: it is waited for at the end of its block.
                await first
            }
        } else {
            await first
        }
    }

    private func performTask(_ step: Step) async {
        switch step {
        case .task(let steps):
            truth_task_created(UInt32(#line + 1), 1, 0)
            await Task { await self.performAsTask(steps) }.value
        case .named(let name, let steps):
            truth_task_created(UInt32(#line + 1), 1, 0)
            await Task(name: name) { await self.performAsTask(steps) }.value
        case .detached(let steps):
            truth_task_created(UInt32(#line + 1), 1, 0)
            await Task.detached { await self.performAsTask(steps) }.value
        case .straggler(let before, let after):
            await withCheckedContinuation { reached in
                truth_task_created(UInt32(#line + 1), 1, 0)
                let task = Task {
                    self.beginTask()
                    self.performNow(before)
                    await self.end.wait(reached: reached)
                    await self.perform(after)
                }
                leftovers.add(task)
            }
        case .resident(let name, let steps):
            await withCheckedContinuation { reached in
                truth_task_created(UInt32(#line + 1), 1, 1)
                let task = Task(name: name) {
                    truth_name_task(name)
                    await self.performAsTask(steps)
                    await self.afterReport.wait(reached: reached)
                }
                residents.add(task)
            }
        case .cancelledSleep(let steps):
            truth_task_created(UInt32(#line + 1), 1, 0)
            let task = Task {
                self.beginTask()
                self.performNow(steps)
                try? await Task.sleep(nanoseconds: 600_000_000_000)
                self.performNow(steps)
            }
            task.cancel()
            await task.value
        default: fatalError("a step that nobody performs: \(step)")
        }
    }
}

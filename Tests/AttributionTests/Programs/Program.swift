import Glibc
import Truth

/// A random program as it runs: its synchronous half.
final class Program: Sendable {
    let leftovers = Leftovers()
    /// Opens when the program's own steps are through.
    let end = Gate()
    /// Opens when the report has been written.
    let afterReport: Gate
    let residents: Leftovers

    init(afterReport: Gate, residents: Leftovers) {
        self.afterReport = afterReport
        self.residents = residents
    }

    /// The steps that need no `await`; says whether this was one.
    func performNow(_ step: Step) -> Bool {
        switch step {
        case .keep(let count, let size): for _ in 0..<count { truth_touch(malloc(size)!) }
        case .pass(let count, let size):
            for _ in 0..<count {
                let block = malloc(size)!
                truth_touch(block)
                free(block)
            }
        case .post(let count, let size): for _ in 0..<count { truth_post(malloc(size)!) }
        case .collect: while let block = truth_take() { free(block) }
        case .scope(let name, let steps): Label.scope(name) { performNow(steps) }
        case .scopeThatThrows(let name, let steps):
            try? Label.scope(name) {
                performNow(steps)
                throw Refusal()
            }
        case .runs(let name, let count, let steps): for _ in 0..<count { Label.scope(name) { performNow(steps) } }
        case .loose(let steps):
            truth_task_created(UInt32(#line + 1), 1, 0)
            leftovers.add(Task { await self.performAsTask(steps) })
        case .inline(let name, let steps):
            truth_task_created(UInt32(#line + 1), 1, 0)
            let task = Task(executorPreference: InlineExecutor.shared) {
                self.beginTask()
                Label.scope(name) { self.performNow(steps) }
            }
            leftovers.add(task)
        default: return false
        }
        return true
    }

    func performNow(_ steps: [Step]) {
        for step in steps {
            if case .call(let depth, let inner) = step {
                descend(depth, inner)
            } else {
                _ = performNow(step)
            }
        }
    }

    @inline(never)
    private func descend(_ depth: Int, _ steps: [Step]) {
        if depth == 0 { performNow(steps) } else { descend(depth - 1, steps) }
        withExtendedLifetime(depth) {}
    }

    func beginTask() {
        _ = performNow(.pass(count: 1, size: 40))
    }
}

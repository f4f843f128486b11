import Dispatch
import Truth

/// The asynchronous half.
extension Program {
    @TaskLocal static var other = ""
    @TaskLocal static var another = 0

    func perform(_ steps: [Step], isolation: isolated (any Actor)? = #isolation) async {
        for step in steps {
            if !performNow(step) { await perform(step) }
        }
    }

    private func perform(_ step: Step, isolation: isolated (any Actor)? = #isolation) async {
        switch step {
        case .asyncScope(let name, let steps): await Label.scope(name) { await perform(steps) }
        case .asyncScopeThatThrows(let name, let steps):
            try? await Label.scope(name) {
                await perform(steps)
                throw Refusal()
            }
        case .asyncRuns(let name, let count, let steps):
            for _ in 0..<count { await Label.scope(name) { await perform(steps) } }
        case .call(let depth, let steps): await descend(depth, steps)
        case .cancellationHandler(let name, let steps):
            await withTaskCancellationHandler {
                await Label.scope(name) { await perform(steps) }
            } onCancel: {
            }
        case .actor(let steps): await Desk.shared.perform(steps, in: self)
        case .mainActor(let steps): await Desk.performOnMain(steps, in: self)
        case .ownTaskLocals(let steps):
            await Self.$other.withValue("a text that is long enough to be boxed") {
                await Self.$another.withValue(7) { await perform(steps) }
            }
        case .sleep: try? await Task.sleep(nanoseconds: 1_000_000)
        case .yield: await Task.yield()
        case .continuation:
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume() }
            }
        default: await performChildren(step)
        }
    }

    private func descend(_ depth: Int, _ steps: [Step], isolation: isolated (any Actor)? = #isolation) async {
        if depth == 0 { await perform(steps) } else { await descend(depth - 1, steps) }
    }
}

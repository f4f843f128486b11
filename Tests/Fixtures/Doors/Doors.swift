import MemScope

/// A program that links MemScope and uses it in the way that its first argument names.
@main
struct Doors {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let output = arguments.count > 2 ? arguments[2] : "out"
        switch arguments.dropFirst().first {
        case "scopes": try await Scopes.run(output)
        case "owners": try await Owners.run(output)
        case "exports": try Exports.run(Array(arguments.dropFirst(2)))
        case "task": try await Exports.fromTask(output)
        case "crowd": try await Exports.crowd(output)
        case "again": try Exports.again(output, times: Int(arguments.last!) ?? 50)
        case "limited": try Exports.limited(output)
        case "unstarted": say(Exports.attempt(output))
        case "lifecycle": try Lifecycle.run(output)
        case "without": Lifecycle.without(output)
        case "readings": try await Readings.run()
        case "exit": try Lifecycle.atExit(output)
        case "stress": try Stress.run(output)
        case "signals": try Service.signals(output, ownHandler: false)
        case "handled signals": try Service.signals(output, ownHandler: true)
        case "waiting": try await Waiting.run(output, tasks: Int(arguments.last!) ?? 1)
        case "leaks": try await Leaks.run(output, count: Int(arguments.last!) ?? 10)
        case "retains": try Retains.run(output, way: arguments.last!)
        case "growth": try Growth.run(output)
        case "moments": try await Moments.run(output)
        case "scope checks": try await ScopeChecks.run(output)
        case "abandoned": try await Abandoned.run()
        case "custody": try Custodian.run(output)
        case "census": try Census.run(output)
        case "ownership": try Ownership.run(output)
        case "ignored leaks": try await IgnoredLeaks.run(output)
        case "checks": try LeakChecks.run(output)
        case "idle": try Service.idle()
        case "plain": await plain()
        default: say("unknown")
        }
    }

    /// Knows scopes only; whether there is tracking is the environment's affair.
    private static func plain() async {
        trackScope("synchronous") { Blocks.keep(3) }
        await trackScope("asynchronous") {
            await Task.yield()
            Blocks.keep(2)
            await Task { Blocks.keep(4) }.value
        }
        say("done")
    }
}

/// What was allocated in a run of a scope, inner scopes and child tasks included, and leaked.
public struct ScopeLeaks: Sendable, CustomStringConvertible {
    /// The name of the scope.
    public let scope: String
    /// What leaked. All of it is new, and nothing else is in it: what was allocated before the run, or beside it, is not.
    public let leaks: LeakReport
    /// Why it is not known whether anything leaked; ``leaks`` is empty then. `nil` if leaks were looked for.
    public let failure: ExportError?

    /// The whole in a few lines: how much, then the places and cycles that keep most.
    public var description: String {
        if let failure { return "leaks in \(scope) are not known: \(failure)" }
        let most = 5
        var lines = ["\(scope) leaked \(leaks.blocks) blocks of \(leaks.bytes) bytes"]
        for leak in leaks.leaks.prefix(most) {
            lines.append("  \(leak.blocks) × \(leak.type), \(leak.category): \(leak.place)")
        }
        if leaks.leaks.count > most { lines.append("  and \(leaks.leaks.count - most) more places or types") }
        for cycle in leaks.cycles.prefix(most) {
            lines.append("  cycle: \(cycle.references.joined(separator: " → ")). \(cycle.suggestion)")
            lines += cycle.further.map { "  and besides: \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}

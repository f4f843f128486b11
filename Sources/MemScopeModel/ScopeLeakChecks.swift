/// What searches for leaks at the end of a scope's runs came to.
public struct ScopeLeakChecks: Sendable, Equatable {
    /// Index into ``HeapSnapshot/scopes``.
    public var scope: Int
    /// Runs that were looked at.
    public var runs: UInt64
    /// Those of them in which something leaked.
    public var leakingRuns: UInt64
    /// Blocks that were allocated in these and leaked.
    public var blocks: UInt64
    /// Bytes of those.
    public var bytes: UInt64

    /// Creates the account of a scope.
    public init(scope: Int, runs: UInt64, leakingRuns: UInt64, blocks: UInt64, bytes: UInt64) {
        self.scope = scope
        self.runs = runs
        self.leakingRuns = leakingRuns
        self.blocks = blocks
        self.bytes = bytes
    }
}

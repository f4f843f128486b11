package import MemScopeAnalysis

/// How large a report may become.
package struct ReportOptions: Sendable, Equatable {
    /// How many call tree nodes are kept at most.
    package var maximumNodes = 60_000
    /// How many call sites each list holds at most for each figure it goes by.
    package var maximumCallSites = 100
    /// How many types are listed at most; the largest stay.
    package var maximumTypes = 5_000
    /// How many tasks, and how many places that created tasks, are listed at most; those that hold most stay.
    package var maximumTasks = 1_000
    /// How many scopes are listed at most; those that allocated most stay, the rest is one row.
    package var maximumScopes = 2_000
    /// How many rows of leaked blocks are listed at most; those that keep most stay.
    package var maximumLeakGroups = 1_000
    /// How many shapes of cycles are listed at most; those that keep most stay.
    package var maximumCycles = 200
    /// How many rows the trees of what leaks keep have at most, all together, the first of each not counted.
    package var maximumRetainedRows = 4_000
    /// What the account of ownership is about.
    package var ownership = OwnershipSelection.largest
    /// How many shared blocks are listed at most; those that keep most stay.
    package var maximumShared = 100
    /// How many rows of owners a shared block has at most; the most frequent stay.
    package var maximumReferrers = 20
    /// How many shapes of chains are listed at most; those of most bytes stay.
    package var maximumChains = 100
    /// Of how many types it is said why they are alive, those with most live bytes.
    package var maximumRetainerPaths = 50
    /// How many objects such a way shows at most.
    package var maximumRetainerSteps = 40
    /// How many lines, and how many types, that grew are listed at most for each of bytes and blocks; those that grew most stay.
    package var maximumGrowth = 100
    /// How many changes all intervals of the timeline have at most; beyond that those of inner nodes count for outer ones.
    package var maximumChanges = 40_000
    /// How many changes by each of thread, scope, task site, queue and type all intervals have at most; those that allocated most stay.
    package var maximumOwnerChanges = 20_000
    /// How many pairs of modules are listed at most; those of most bytes stay.
    package var maximumBoundaries = 1_000
    /// How many conclusions are listed at most; the surest stay.
    package var maximumInferences = 200
    /// How many objects of the retain ledger are listed at most for each figure they go by.
    package var maximumLedgerObjects = 100

    /// How many stacks are listed at most for each type of the retain ledger, of those that references are left of.
    package var maximumUnmatchedStacks = 5
    /// Leaks that nobody wants to hear of.
    package var suppressions = LeakSuppressions()
    /// Whether what libraries are known to leak is left out, too.
    package var usesBuiltInSuppressions = true
    /// How many timeline samples are kept at most.
    package var maximumSamples = 1_000

    /// Creates the default limits.
    package init() {}

    /// No limit on the call tree.
    package static var wholeTree: ReportOptions {
        var options = ReportOptions()
        options.maximumNodes = Int(Int32.max)
        return options
    }
}

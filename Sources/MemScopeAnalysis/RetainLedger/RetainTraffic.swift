package import MemScopeModel

/// Retains and releases of the stacks that count for one place.
package struct RetainTraffic: Sendable, Equatable {
    /// Retains.
    package private(set) var retains: UInt64 = 0
    /// Releases.
    package private(set) var releases: UInt64 = 0
    private var inSecond: [Int: UInt64] = [:]

    /// Creates a place without traffic.
    package init() {}

    /// Adds a stack's.
    package mutating func add(_ site: LedgerSite) {
        retains += site.retains
        releases += site.releases
        inSecond[site.busiestSecond, default: 0] += site.inBusiestSecond
    }

    /// Retains and releases together.
    package var events: UInt64 { retains + releases }

    /// At least as many were in one second: of each stack only its busiest second is known.
    package var eventsPerSecond: UInt64 { inSecond.values.max() ?? 0 }
}

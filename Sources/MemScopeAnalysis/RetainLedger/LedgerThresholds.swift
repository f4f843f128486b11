/// From where on traffic of retains and releases is remarkable.
package struct LedgerThresholds: Sendable, Equatable {
    /// Retains and releases of one place in a second that make it a storm.
    package var stormEventsPerSecond: UInt64 = 100_000
    /// Threads that retain and release one object, so that its count moves between their processors.
    package var contendedThreads = 4

    /// Creates the default thresholds.
    package init() {}
}

/// From where on traffic of retains and releases is remarkable.
package struct LedgerThresholds: Sendable, Equatable {
    /// Retains and releases of one place in a second that make it a storm.
    package var stormEventsPerSecond: UInt64 = 100_000
    /// Threads that retain and release one object, so that its count moves between their processors.
    package var contendedThreads = 4

    /// Creates the default thresholds.
    package init() {}

    /// Events in a second that make a storm of a place where only one object of so many was followed, at least one.
    package func stormEvents(ofOneObjectIn objects: UInt64) -> UInt64 {
        // Divided and not multiplied: how many were in a second is read from a file, and may be any number.
        (max(stormEventsPerSecond, 1) - 1) / objects + 1
    }
}

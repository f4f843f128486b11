package import MemScopeModel

extension Report {
    /// Whether a report was rendered from a capture: both are of one process at one instant.
    package func isRendered(from snapshot: HeapSnapshot) -> Bool {
        process.pid == snapshot.process.pid
            && process.captureTime == Timestamp.text(nanoseconds: snapshot.process.captureTime)
    }
}

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import MemScopeModel
internal import MemScopeReport
internal import MemScopeShim
internal import MemScopeSymbols
internal import Synchronization

/// Capture, names, report, files: one export at a time.
final class ReportExport: @unchecked Sendable {
    static let shared = ReportExport()

    // Guarded by `lock`; keeps the names it found for the next export.
    private let symbolicator = FileSymbolicator()
    private let lock: UnsafeMutablePointer<pthread_mutex_t>

    private init() {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    /// Writes a report. Call it on a thread with a large stack.
    func export(to directory: String, reason: String) -> Result<Void, ExportError> {
        // Before the directory is made, and before a lock that a forked process may have copied while it was held.
        guard memscope_was_started() else { return .failure(Self.error(MEMSCOPE_NOT_TRACKING, directory)) }
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let isNew = access(directory, F_OK) != 0
        let result = write(to: directory, reason: reason)
        if isNew, case .failure = result { rmdir(directory) }
        return result
    }

    private func write(to directory: String, reason: String) -> Result<Void, ExportError> {
        do {
            let writer = try ReportWriter(preparing: directory)
            let file = "\(directory)/.capture-\(getpid()).memscope"
            defer { unlink(file) }
            let status = memscope_capture(file, reason)
            guard status == MEMSCOPE_OK else { return .failure(Self.error(status, directory)) }
            let snapshot = try CaptureDecoder.decode(path: file)
            let names = SnapshotNames(of: snapshot, by: symbolicator)
            let options = ReportOptions.fromEnvironment()
            // Only one search at a time compares with the one before.
            try LeakSearch.knownLeaks.withLock { known in
                _ = try writer.write(snapshot, names: names, options: options, knownLeaks: &known)
            }
            return .success(())
        } catch {
            return .failure(ExportError(.notWritten, "\(error)"))
        }
    }

    static func error(_ status: memscope_status, _ directory: String) -> ExportError {
        switch status {
        case MEMSCOPE_NOT_TRACKING:
            ExportError(
                .notTracking,
                "There is nothing to report: tracking was not started. Call MemoryTracker.start() or set MEMSCOPE=1.")
        case MEMSCOPE_NOT_WRITTEN:
            ExportError(.notWritten, "No report was written to \(directory): \(String(cString: strerror(errno))).")
        default:
            ExportError(.notCaptured, "No report: \(String(cString: memscope_status_text(status))).")
        }
    }
}

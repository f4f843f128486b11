#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import MemScopeShim
internal import Synchronization

/// The report of a linked program at exit. Its handler is registered when tracking starts, so it runs before the
/// destructors of whatever was set up earlier.
enum ExitReport {
    private static let directory = Mutex<String?>(nil)

    static func register(directory new: String) {
        let isFirst = directory.withLock { current in
            defer { current = new }
            return current == nil
        }
        guard isFirst else { return }
        atexit { ExitReport.write() }
    }

    /// Writes the report, if there is to be one.
    static func write() {
        guard let directory = directory.withLock({ $0 }) else { return }
        let result = LargeStackThread.run { ReportExport.shared.export(to: directory, reason: "exit") }
        if case .failure(let error) = result { StandardError.say(error.description) }
    }
}

/// Called by the shim when the environment started tracking (`MEMSCOPE=1`), before `main`.
@_cdecl("memscope_library_started")
func libraryStarted() {
    memscope_ours_begin()
    defer { memscope_ours_end() }
    ExitReport.register(directory: String(cString: memscope_configured_output()))
    memscope_set_exporter(exportWhileRunning)
}

/// What the service thread calls for MEMSCOPE_EXPORT_SIGNAL and MEMSCOPE_EXPORT_EVERY.
func exportWhileRunning(_ directory: UnsafePointer<CChar>, _ reason: UnsafePointer<CChar>) {
    // The service thread is MemScope's own, and its stack is large.
    let result = ReportExport.shared.export(to: String(cString: directory), reason: String(cString: reason))
    if case .failure(let error) = result { StandardError.say(error.description) }
}

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

/// One search for leaks after the other, each compared with the one before.
final class LeakSearch: Sendable {
    static let shared = LeakSearch()

    private let symbolicator = Mutex(FileSymbolicator())

    /// What the process's searches found, those for reports included.
    static let knownLeaks = Mutex(KnownLeaks())

    /// Call it on a thread with a large stack.
    func find() -> Result<LeakReport, ExportError> {
        guard memscope_was_started() else { return .failure(ReportExport.error(MEMSCOPE_NOT_TRACKING, "")) }
        return symbolicator.withLock { symbolicator in
            do throws(ExportError) {
                let snapshot = try Self.capture { memscope_leak_capture($0, MEMSCOPE_LEAKS_UNREACHABLE) }
                let names = SnapshotNames(of: snapshot, by: symbolicator)
                let options = ReportOptions.fromEnvironment()
                let report = Self.knownLeaks.withLock {
                    ReportBuilder.build(snapshot, names: names, options: options, knownLeaks: &$0)
                }
                return .success(LeakReport(report, note: snapshot.leakScan.complaint))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Makes a capture that has leaks searched for, reads it and takes it away.
    /// - Parameter write: Writes it to a path.
    /// - Returns: What it says.
    /// - Throws: ``ExportError`` if it cannot be made, or if leaks could not be looked for.
    static func capture(_ write: (String) -> memscope_status) throws(ExportError) -> HeapSnapshot {
        // A directory of its own: nobody else can put anything in the place of the file.
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/memscope-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw ReportExport.error(MEMSCOPE_NOT_WRITTEN, "a temporary directory")
        }
        let directory = String(cString: made)
        let file = "\(directory)/leaks"
        defer {
            unlink(file)
            rmdir(directory)
        }
        let status = write(file)
        guard status == MEMSCOPE_OK else { throw ReportExport.error(status, directory) }
        let snapshot: HeapSnapshot
        do {
            snapshot = try CaptureDecoder.decode(path: file)
        } catch {
            throw ExportError(.notCaptured, "\(error)")
        }
        guard snapshot.leakScan.outcome == .done else {
            throw ExportError(.notCaptured, "Leaks could not be looked for. \(snapshot.leakScan.complaint)")
        }
        return snapshot
    }
}

extension LeakReport {
    /// The report of no search.
    static var nothing: LeakReport { LeakReport(Report(), note: "") }

    init(_ report: Report, note: String) {
        self.init(
            blocks: Int(report.leaks.blocks ?? 0), bytes: Int(report.leaks.bytes ?? 0),
            newBlocks: Int(report.leaks.newBlocks ?? report.leaks.blocks ?? 0),
            knownBlocks: Int(report.leaks.knownBlocks ?? 0),
            goneBlocks: Int(report.leaks.goneBlocks ?? 0),
            deadBlocks: Int(report.leaks.deadBlocks), deadBytes: Int(report.leaks.deadBytes),
            leaks: report.leaks.groups.map { group in
                Leak(
                    category: Category(description: group.category), type: group.type,
                    place: Report.Frame(function: group.function, file: group.file, line: group.line).place,
                    blocks: Int(group.blocks),
                    bytes: Int(group.bytes), newBlocks: Int(group.newBlocks ?? group.blocks),
                    retainedBytes: Int(group.retainedBytes))
            },
            cycles: report.cycles.map { cycle in
                Cycle(
                    references: Report.Cycle.references(cycle.members, cycle.edges), instances: Int(cycle.instances),
                    newInstances: Int(cycle.newInstances ?? cycle.instances), retainedBytes: Int(cycle.retainedBytes),
                    suggestion: cycle.suggestion,
                    further: cycle.further.map { way in
                        let references = Report.Cycle.references(way.members, way.edges).joined(separator: " → ")
                        return way.suggestion.isEmpty ? references : "\(references). \(way.suggestion)"
                    })
            },
            pause: .nanoseconds(report.leaks.pauseNanoseconds), note: note)
    }
}

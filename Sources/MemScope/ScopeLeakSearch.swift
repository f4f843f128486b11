internal import MemScopeModel
internal import MemScopeReport
internal import MemScopeShim
internal import MemScopeSymbols
internal import Synchronization

/// The search for what leaked in one run of a scope.
enum ScopeLeakSearch {
    // One search at a time; it keeps the names it found for the next.
    private static let symbolicator = Mutex(FileSymbolicator())

    /// Call it on a thread with a large stack, before the run ends.
    static func find(in run: UInt64) -> Result<LeakReport, ExportError> {
        symbolicator.withLock { symbolicator in
            do throws(ExportError) {
                var snapshot = try LeakSearch.capture { memscope_leak_capture_of_run($0, run) }
                for index in snapshot.graph.blocks.indices where !snapshot.graph.blocks[index].isOfRun {
                    snapshot.graph.blocks[index].isIgnored = true
                }
                let names = SnapshotNames(of: snapshot, by: symbolicator)
                // All is new: no earlier search is compared with.
                let report = ReportBuilder.build(snapshot, names: names, options: .fromEnvironment())
                memscope_note_leaks(run, report.leaks.blocks ?? 0, report.leaks.bytes ?? 0)
                return .success(LeakReport(report, note: snapshot.leakScan.complaint))
            } catch {
                return .failure(error)
            }
        }
    }
}

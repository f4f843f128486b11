#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import MemScopeAnalysis
internal import MemScopeModel
internal import MemScopeReport
internal import MemScopeShim
internal import MemScopeSymbols
internal import Synchronization

/// The steps of `findAbandonedMemory`, one procedure at a time.
final class AbandonedMemorySearch {
    private static let isRunning = Atomic(false)

    private let repetitions: Int
    private var before = UnreachedSums()

    init(repetitions: Int) throws(ExportError) {
        precondition((2...30).contains(repetitions), "findAbandonedMemory repeats 2 to 30 times")
        guard memscope_was_started() else { throw ReportExport.error(MEMSCOPE_NOT_TRACKING, "") }
        guard !Self.isRunning.exchange(true, ordering: .acquiring) else {
            throw ExportError(.notCaptured, "Another search for abandoned memory is running.")
        }
        self.repetitions = repetitions
    }

    /// Takes the account from which growth counts.
    func begin() throws(ExportError) {
        before = try LargeStackThread.run { () -> Result<UnreachedSums, ExportError> in
            do throws(ExportError) {
                var snapshot = try LeakSearch.capture { memscope_leak_capture($0, MEMSCOPE_LEAKS_UNREACHABLE) }
                // Names are for what may be suppressed.
                if snapshot.graph.blocks.contains(where: { !$0.isReachable && !$0.isIgnored }) {
                    let names = SnapshotNames(of: snapshot, by: FileSymbolicator())
                    LeakSuppressions.apply(.fromEnvironment(), to: &snapshot, names)
                }
                return .success(UnreachedSums(snapshot.graph))
            } catch {
                return .failure(error)
            }
        }.get()
        try note()
    }

    /// Notes what every place holds.
    func note() throws(ExportError) {
        guard memscope_hold_note(true) else {
            throw ExportError(.notCaptured, "The tracker did not come to note what is live: is it stopped?")
        }
    }

    /// Lets other threads finish what they do.
    func rest(_ time: Duration) {
        let (seconds, attoseconds) = time.components
        var wanted = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var left = timespec()
        while nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
    }

    /// Compares.
    func finish() throws(ExportError) -> AbandonedMemory {
        let (repetitions, before) = (repetitions, before)
        return try LargeStackThread.run { () -> Result<AbandonedMemory, ExportError> in
            do throws(ExportError) {
                var snapshot = try LeakSearch.capture { memscope_leak_capture($0, MEMSCOPE_LEAKS_UNREACHABLE) }
                let names = SnapshotNames(of: snapshot, by: FileSymbolicator())
                LeakSuppressions.apply(.fromEnvironment(), to: &snapshot, names)
                guard
                    let rows = AbandonedRow.all(
                        of: snapshot, names: names, repetitions: repetitions, before: before)
                else { throw ExportError(.notCaptured, "No history was kept: there was no memory for it.") }
                return .success(AbandonedMemory(rows, repetitions: repetitions, note: snapshot.leakScan.complaint))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// Lets go of the notes.
    func end() {
        _ = memscope_hold_note(false)
        Self.isRunning.store(false, ordering: .releasing)
    }
}

extension AbandonedMemory {
    fileprivate init(_ rows: [AbandonedRow], repetitions: Int, note: String) {
        self.init(
            repetitions: repetitions,
            abandoned: rows.filter { $0.blocksPerRepetition > 0 }.map {
                Growth(
                    type: $0.type, place: $0.place, blocks: Int($0.blocks), bytes: Int($0.bytes),
                    blocksPerRepetition: Int($0.blocksPerRepetition))
            },
            leaked: rows.filter { $0.leakedPerRepetition > 0 }.map {
                Growth(
                    type: $0.type, place: $0.place, blocks: Int($0.leakedBlocks), bytes: Int($0.leakedBytes),
                    blocksPerRepetition: Int($0.leakedPerRepetition))
            },
            note: note)
    }
}

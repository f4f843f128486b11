import MemScope
import Truth

/// The program's own account of where it is, and scopes that keep it.
enum Label {
    /// The number of the run that the task is in.
    @TaskLocal static var run: UInt64 = 0

    static func begin(_ name: String) -> UInt32 {
        truth_run_begin(UInt32(truncatingIfNeeded: run), name)
    }

    static func scope<Failure: Error>(_ name: String, _ body: () throws(Failure) -> Void) throws(Failure) {
        let number = begin(name)
        truth_make_room()
        truth_override(TRUTH_NONE, TRUTH_EDGE)
        defer {
            truth_override(TRUTH_EDGE, TRUTH_NONE)
            truth_run_ended(number)
        }
        try trackScope(name) { () throws(Failure) -> Void in
            truth_override(TRUTH_EDGE, number)
            defer {
                truth_run_ending(number)
                truth_override(number, TRUTH_EDGE)
            }
            try Label.$run.withValue(UInt64(number)) { () -> Result<Void, Failure> in
                truth_override(number, TRUTH_NONE)
                defer { truth_override(TRUTH_NONE, number) }
                do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
            }.get()
        }
    }

    static func scope<Failure: Error>(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws(Failure) -> Void
    ) async throws(Failure) {
        let number = begin(name)
        truth_make_room()
        truth_override(TRUTH_NONE, TRUTH_EDGE)
        defer {
            truth_override(TRUTH_EDGE, TRUTH_NONE)
            truth_run_ended(number)
        }
        try await trackScope(name) { () async throws(Failure) -> Void in
            _ = isolation
            truth_override(TRUTH_EDGE, number)
            defer {
                truth_run_ending(number)
                truth_override(number, TRUTH_EDGE)
            }
            try await Label.$run.withValue(
                UInt64(number),
                operation: { () async -> Result<Void, Failure> in
                    _ = isolation
                    truth_override(number, TRUTH_NONE)
                    defer { truth_override(TRUTH_NONE, number) }
                    do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
                }, isolation: isolation
            ).get()
        }
    }
}

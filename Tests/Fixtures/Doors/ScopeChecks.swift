import Glibc
import MemScope

/// Scopes that look for what leaked in them, and say what they found.
enum ScopeChecks {
    /// Of a size that nothing else has: what was at its place before, stale pointers may lead to.
    final class Lost {
        var itself: Lost?
        var payload = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26)
    }

    final class Kept {}

    private static let telling = LeakCheck.check { found in
        if let failure = found.failure { return say("\(found.scope): \(failure.code) \(found.leaks.blocks)") }
        let kinds = Set(found.leaks.leaks.map { "\($0.type) \($0.category)" })
        say("\(found.scope): \(found.leaks.blocks) \(kinds.sorted().joined(separator: ", "))")
    }

    @inline(never)
    static func lose(_ count: Int) {
        for _ in 0..<count {
            let lost = Lost()
            lost.itself = lost
        }
    }

    static func run(_ output: String) async throws {
        say("off \(trackScope("off", leaks: telling) { () -> Int in lose(1); return 1 })")
        try MemoryTracker.start()
        lose(3)
        say("returned \(trackScope("two", leaks: telling) { () -> Int in lose(2); return 5 })")
        let kept = trackScope("clean", leaks: telling) { Kept() }
        trackScope("two", leaks: telling) {}
        trackScope("outer", leaks: telling) {
            lose(1)
            trackScope("inner") { lose(4) }
        }
        do throws(Refusal) {
            _ = try trackScope("throwing", leaks: telling) { () throws(Refusal) -> Int in
                lose(1)
                throw Refusal(number: 9)
            }
        } catch {
            say("refused \(error.number)")
        }
        let sum = await trackScope("asynchronous", leaks: telling) {
            await Task.yield()
            lose(30)
            await Task { lose(40) }.value
            await Task.detached { lose(500) }.value
            return 3
        }
        say("asynchronous \(sum)")
        await desk()
        trackScope("said", leaks: .check) { lose(20) }
        // Without a place for its findings no search can be made.
        setenv("TMPDIR", "/nowhere", 1)
        trackScope("blind", leaks: telling) {}
        trackScope("blind and said", leaks: .check) {}
        unsetenv("TMPDIR")
        try exportReport(to: output)
        withExtendedLifetime(kept) {}
    }

    @MainActor static var visits = 0

    /// The body runs where the caller does: else it could not touch the actor's state.
    @MainActor private static func desk() async {
        do throws(Refusal) {
            try await trackScope("desk", leaks: telling) { () async throws(Refusal) in
                visits += 1
                await Task.yield()
                visits += 1
                throw Refusal(number: visits)
            }
        } catch {
            say("desk \(error.number)")
        }
    }
}

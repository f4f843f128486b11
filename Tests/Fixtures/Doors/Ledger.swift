import MemScope

/// State that may not cross between tasks.
final class Ledger {
    var lines: [Int] = []
}

/// An actor that works on its state inside of scopes.
actor Bookkeeper {
    private let ledger = Ledger()

    /// Hands state that is not Sendable in and out of a scope, and awaits inside of it.
    func book() async -> Int {
        let same = await trackScope("actor") {
            ledger.lines.append(1)
            Blocks.keep(1)
            await Task.yield()
            self.assertIsolated()
            ledger.lines.append(2)
            Blocks.keep(1)
            return ledger
        }
        let count = trackScope("actor, synchronous") {
            Blocks.keep(1)
            return same.lines.count
        }
        return count
    }
}

/// As the bookkeeper, on the main actor.
@MainActor
enum MainDesk {
    static let ledger = Ledger()

    static func book() async -> Int {
        let same = await trackScope("main actor") {
            ledger.lines.append(1)
            Blocks.keep(1)
            await Task.yield()
            MainActor.assertIsolated()
            ledger.lines.append(2)
            Blocks.keep(1)
            return ledger
        }
        MainActor.assertIsolated()
        return same.lines.count
    }
}

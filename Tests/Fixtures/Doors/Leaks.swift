import MemScope
import Synchronization

/// Objects that leak in each of the ways that are told apart, each `count` times, and objects that live in ways that are
/// easily taken for leaks.
enum Leaks {
    /// Holds itself by a closure.
    final class Session {
        var onClose: (() -> Void)?
        let id: Int
        init(id: Int) {
            self.id = id
            onClose = { self.close() }
        }
        func close() { touched.add(id, ordering: .relaxed) }
    }

    /// Holds itself by two closures.
    final class Gate {
        var onOpen: (() -> Void)?
        var onClose: (() -> Void)?
        init() {
            onOpen = { self.pass() }
            onClose = { self.pass() }
        }
        func pass() { touched.add(1, ordering: .relaxed) }
    }

    /// Holds itself; two are made on each line that makes any.
    final class Twin {
        var twin: Twin?
    }

    /// Is retained once too often, and has something that knows it and does not own it.
    final class Keeper {
        var kept: Kept?
    }
    final class Kept {
        unowned let keeper: Keeper
        init(_ keeper: Keeper) { self.keeper = keeper }
    }

    /// Holds each other by a property.
    final class Parent {
        var children: [Child] = []
    }
    final class Child {
        var parent: Parent?
    }

    /// Is retained once too often.
    final class Retained {
        var payload = [1, 2, 3]
    }

    /// Is lost by a task that goes on.
    final class Dropped {
        let one = 1
        let two = 2
    }

    /// Is dead, and somebody still has an `unowned` reference to it.
    final class Owner {
        var text = "a text that is too long to be kept inside of the object itself"
    }
    final class Visitor {
        unowned let owner: Owner
        init(_ owner: Owner) { self.owner = owner }
    }

    /// Lives: a tree whose nodes know their parents weakly, in an enum.
    indirect enum Tree {
        case leaf(Living)
        case branch(Tree, Tree)
    }
    final class Living {
        weak var other: Living?
        unowned var keeper: Living?
        var text = "another text that is too long to be kept inside of the object"
        var table: [String: Living] = [:]
        var any: Any = 0
    }

    static let touched = Atomic(0)
    static let isDropped = Atomic(false)
    nonisolated(unsafe) static var visitors: [Visitor] = []
    nonisolated(unsafe) static var tree: Tree?
    nonisolated(unsafe) static var living: [Living] = []
    nonisolated(unsafe) static var unmanaged: Unmanaged<Living>?
    nonisolated(unsafe) static let stream = AsyncStream<Living> { continuation in
        for _ in 0..<3 { continuation.yield(Living()) }
    }

    static func run(_ output: String, count: Int) async throws {
        try MemoryTracker.start()
        live(count)
        let task = Task {
            let mine = Living()
            let large = [UInt8](repeating: 7, count: 100_000)
            drop(count)
            isDropped.store(true, ordering: .releasing)
            try? await Task.sleep(nanoseconds: 600_000_000_000)
            withExtendedLifetime((mine, large)) {}
        }
        while !isDropped.load(ordering: .acquiring) { try await Task.sleep(nanoseconds: 1_000_000) }
        leak(count)
        // What the stack still holds of the last objects is written over.
        scrub(60)
        let first = try findLeaks()
        for cycle in first.cycles { say("cycle \(cycle.instances) \(cycle.references)") }
        for gate in first.cycles where gate.references[0].contains("Gate.") { say("besides \(gate.further)") }
        say("new \(first.newBlocks == first.blocks) known \(first.knownBlocks) gone \(first.goneBlocks)")
        leak(1)
        scrub(60)
        let second = try findLeaks()
        // A stale word may hide a block from one of the searches.
        let difference = second.blocks - first.blocks
        let isNews = second.newBlocks - second.goneBlocks == difference && second.goneBlocks <= 2
        say("more \(difference >= 4) new \(isNews) known \(second.knownBlocks == second.blocks - second.newBlocks)")
        // Of those that are not dead.
        let news = second.leaks.filter { $0.category != .dead }.reduce(0) { $0 + $1.newBlocks }
        let sessions = second.cycles.first { $0.references[0].contains("Session.") }
        say("news \(news == second.newBlocks) session \((0...1).contains(sessions?.newInstances ?? 9))")
        // Whatever the environment says.
        try exportReport(to: output, leaks: .graph)
        task.cancel()
        withExtendedLifetime(stream) {}
    }

    @inline(never)
    private static func leak(_ count: Int) {
        for number in 0..<count {
            _ = Session(id: number)
            let parent = Parent()
            let child = Child()
            child.parent = parent
            parent.children.append(child)
            _ = Gate()
            for twin in [Twin(), Twin()] { twin.twin = twin }
            let keeper = Keeper()
            keeper.kept = Kept(keeper)
            _ = Unmanaged.passRetained(keeper)
            _ = Unmanaged.passRetained(Retained())
            visitors.append(Visitor(Owner()))
        }
    }

    @inline(never)
    private static func drop(_ count: Int) {
        for _ in 0..<count { _ = Unmanaged.passRetained(Dropped()) }
    }

    @inline(never)
    private static func live(_ count: Int) {
        for number in 0..<count {
            let one = Living()
            let two = Living()
            one.other = two
            two.other = one
            one.keeper = two
            one.table["\(number) is the key"] = two
            one.any = [two, "text \(number)"] as [Any]
            living.append(one)
            tree = .branch(.leaf(Living()), tree ?? .leaf(two))
        }
        unmanaged = Unmanaged.passRetained(Living())
    }

    @inline(never)
    private static func scrub(_ depth: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { words in
            words.initialize(repeating: 0)
            touched.add(Int(words[7]), ordering: .relaxed)
        }
        if depth > 0 { scrub(depth - 1) }
    }
}

import MemScope

/// Objects whose owners are known: one that several own, one with a chain of its own, and some that have names.
enum Ownership {
    final class Settings { var values = (1, 2, 3) }
    final class Service {
        let settings: Settings
        init(_ settings: Settings) { self.settings = settings }
    }
    final class Onlooker {
        weak var watched: Settings?
        unowned let known: Settings
        init(_ settings: Settings) {
            watched = settings
            known = settings
        }
    }
    final class Link {
        var next: Link?
        init(_ next: Link?) { self.next = next }
    }
    final class Watch { var number = 3 }
    final class Lost { var number = 1 }
    final class Passing { var number = 2 }

    nonisolated(unsafe) static var services: [Service] = []
    nonisolated(unsafe) static var onlookers: [Onlooker] = []
    nonisolated(unsafe) static var watches: [Watch] = []
    nonisolated(unsafe) static var list: Link?
    nonisolated(unsafe) static var named: [[Int32]] = []

    static func run(_ output: String) throws {
        tracked(Passing(), name: "too early")
        try MemoryTracker.start()
        share()
        link()
        name()
        scrub(60)
        try hold(output)
    }

    /// Exports while it has references of its own.
    @inline(never)
    private static func hold(_ output: String) throws {
        let watch = Watch()
        watches = [watch]
        let own = (watch, watch, watch, watch, watch, watch)
        try exportReport(to: output)
        withExtendedLifetime(own) {}
    }

    @inline(never)
    private static func share() {
        let settings = tracked(Settings(), name: "settings")
        services = (0..<3).map { _ in Service(settings) }
        onlookers = [Onlooker(settings)]
        withExtendedLifetime(settings) {}
    }

    @inline(never)
    private static func link() {
        for _ in 0..<5 { list = Link(list) }
    }

    @inline(never)
    private static func name() {
        // Each at the address of the one before.
        for _ in 0..<10 { tracked(Passing(), name: "passing") }
        for _ in 0..<4 { _ = Unmanaged.passRetained(tracked(Lost(), name: "lost")) }
        var numbers = [Int32](repeating: 1, count: 300)
        numbers.append(2)
        named = [tracked(numbers, name: "numbers")]
        tracked(7, name: "no block")
    }

    @inline(never)
    private static func scrub(_ depth: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { $0.initialize(repeating: 0) }
        if depth > 0 { scrub(depth - 1) }
    }
}

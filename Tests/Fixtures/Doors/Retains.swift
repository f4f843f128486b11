import MemScope

/// Objects that are retained and released, each selection of them in the way that a program asks for it.
enum Retains {
    final class Held { var word = 1 }
    final class Pair<First, Second> { var word = 2 }
    final class Nope<First, Second> { var word = 3 }

    nonisolated(unsafe) static var kept: [AnyObject] = []

    static func run(_ output: String, way: String) throws {
        switch way {
        case "scopes": try inScopes()
        case "types": try ofTypes()
        case "nothing": try start(.types([]))
        case "too long": try start(.types([String(repeating: "x", count: 5000)]))
        case "pause": try acrossPause()
        default: try start(.types(["Retains.Held"]))
        }
        keep(Held(), 1)
        try exportReport(to: output, leaks: .unreachable)
    }

    private static func start(_ selection: RetainLedgerSelection) throws {
        try MemoryTracker.start(TrackerConfiguration(retainLedger: selection))
    }

    /// The name of the scope that is asked for has a comma, and what follows the comma is in another's name.
    private static func inScopes() throws {
        try start(.scopes(["read, write"]))
        trackScope("read, write") {
            keep(Held(), 3)
            trackScope("inner") { keep(Held(), 2) }
        }
        trackScope("rewrite") { keep(Held(), 5) }
    }

    /// So has the name of the type.
    private static func ofTypes() throws {
        try start(.types(["Nope<Swift.Bool, Swift.Int>"]))
        keep(Nope<Bool, Int>(), 2)
        keep(Pair<String, Int>(), 3)
    }

    /// Takes a thousand references, and gives them back in a pause.
    private static func acrossPause() throws {
        try start(.types(["Retains.Pair"]))
        let pair = Pair<Int, Int>()
        kept.append(pair)
        let references = (0..<1000).map { _ in Unmanaged.passRetained(pair) }
        MemoryTracker.pause()
        for reference in references { reference.release() }
        MemoryTracker.resume()
    }

    /// Keeps an object, and as many references besides.
    @inline(never)
    private static func keep(_ object: AnyObject, _ count: Int) {
        kept.append(object)
        for _ in 0..<count { _ = Unmanaged.passRetained(object) }
    }
}

internal import MemScopeShim

/// Whether a report looks for leaks: what ``exportReport(to:leaks:)`` is asked for.
public struct LeakMode: Sendable, Hashable, CustomStringConvertible {
    /// The mode's name.
    public let description: String

    /// As `MEMSCOPE_LEAKS` says, by default not.
    public static let configured = LeakMode(description: "configured")
    /// Not at all: the program's threads never stand still.
    public static let off = LeakMode(description: "off")
    /// What nothing refers to, and the cycles in it.
    public static let unreachable = LeakMode(description: "unreachable")
    /// That, and with the graph of all live blocks what keeps the rest alive: bytes that single tasks and scopes keep alone, and a
    /// way from a root to the largest types. Takes some seconds and some hundred bytes of memory for each of very many blocks.
    public static let graph = LeakMode(description: "graph")

    /// What the shim is asked for, `nil` for what it was configured to do.
    var requested: memscope_leak_mode? {
        switch self {
        case .off: MEMSCOPE_LEAKS_NONE
        case .unreachable: MEMSCOPE_LEAKS_UNREACHABLE
        case .graph: MEMSCOPE_LEAKS_GRAPH
        default: nil
        }
    }
}

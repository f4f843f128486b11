/// How many tasks do what.
public struct TaskStates: Sendable, Equatable {
    /// Tasks whose words could not be read.
    public var unknown: UInt64 = 0
    /// Tasks that run.
    public var running: UInt64 = 0
    /// Tasks that wait for a thread or an actor.
    public var enqueued: UInt64 = 0
    /// Tasks that wait for something else.
    public var suspended: UInt64 = 0
    /// Tasks that have returned and are still held by somebody.
    public var complete: UInt64 = 0

    /// Creates counts that are all zero.
    public init() {}

    /// All of them.
    public var total: UInt64 { unfinished + complete }
    /// Those that have not returned.
    public var unfinished: UInt64 { unknown + running + enqueued + suspended }
}

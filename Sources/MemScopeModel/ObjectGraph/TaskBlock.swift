/// What a block of the graph is to a task.
public struct TaskBlock: Sendable, Equatable {
    /// What it is.
    public enum Role: UInt8, Sendable, CaseIterable {
        /// The task allocated it, and nothing leads to it.
        case leaked = 0
        /// The task object itself.
        case object = 1
        /// Memory that the task's frames lie in.
        case slab = 2
    }

    /// Index into ``ObjectGraph/blocks``.
    public var block: Int
    /// Index into ``HeapSnapshot/tasks``, `nil` for a task that is not listed there.
    public var task: Int?
    /// What the block is to the task.
    public var role: Role
    /// Index into ``ObjectGraph/blocks`` of the task object that a slab belongs to; else the block itself.
    public var object: Int

    /// Creates what a block is to a task.
    public init(block: Int, task: Int?, role: Role, object: Int) {
        self.block = block
        self.task = task
        self.role = role
        self.object = object
    }
}

/// A reference to a block from outside of the heap.
public struct GraphRoot: Sendable, Equatable {
    /// Where a root stands.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// In the data of a module.
        case global = 1
        /// On a thread's stack.
        case stack = 2
        /// In a thread's register.
        case register = 3
        /// In memory of a thread's own.
        case threadLocal = 4
        /// In other memory that the process may write.
        case mapping = 5
        /// In what the runtime knows of a task. No capture has it: tasks are reached by threads, queues and continuations.
        case task = 6
        /// In memory that the program named.
        case added = 7
        /// In a block from before tracking began.
        case earlierBlock = 8
    }

    /// Why a reference on a stack belongs to no function that is known. The values are those of the capture file.
    public enum MissingFunction: UInt32, Sendable, CaseIterable {
        /// The thread had ended, or the capture does not say.
        case unknown = 0
        /// The stack could not be walked as far.
        case notWalked = 0xffff_fff0
        /// It is further out than all functions.
        case beyondFunctions = 0xffff_fff1
        /// The thread runs on another stack.
        case otherStack = 0xffff_fff2
        /// There were too many functions.
        case noRoom = 0xffff_fff3
    }

    /// Where the reference stands; 0 for a register.
    public var address: UInt64
    /// Index into ``ObjectGraph/blocks``.
    public var to: Int
    /// What kind of place that is.
    public var kind: Kind
    /// The module's path, or the thread's name.
    public var name: String
    /// On a stack or in a register: index into ``ObjectGraph/stackFunctions`` of the running function that it belongs to.
    public var function: Int?
    /// Why there is none, on a stack or in a register.
    public var missingFunction = MissingFunction.unknown

    /// Creates a root.
    public init(address: UInt64, to: Int, kind: Kind, name: String) {
        self.address = address
        self.to = to
        self.kind = kind
        self.name = name
    }
}

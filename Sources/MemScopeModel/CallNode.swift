/// A node of the call trie: an address below a parent.
public struct CallNode: Sendable, Equatable {
    /// How a frame came to be below its parent.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// An ordinary call: the frame returned to its parent on the thread's stack.
        case frame = 0
        /// An asynchronous caller: the frame is where its callee resumes after `await`.
        case async = 1
        /// The frame belongs to the stack that created the task; the task's own frames are below it.
        case creation = 2
    }

    /// Index of the parent in ``HeapSnapshot/nodes``; smaller than this node's own index.
    public var parent: Int
    /// Index into ``HeapSnapshot/addresses``. Meaningless for the root.
    public var address: Int
    /// How the frame came to be here.
    public var kind: Kind

    /// Creates a node.
    public init(parent: Int, address: Int, kind: Kind) {
        self.parent = parent
        self.address = address
        self.kind = kind
    }
}

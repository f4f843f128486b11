package import MemScopeModel

/// What holds a block, or what a block is.
package enum TrackKind: String, Sendable, CaseIterable {
    /// An object, a closure's context, or any other block.
    case heapOwner
    /// The storage of an array, dictionary, set or string.
    case container
    /// A place that holds a value: a variable in a box, a global, memory of a thread's own.
    case value
    /// A running function: a word on a stack, or in a register.
    case stackOwner

    /// The kind of a block.
    /// - Parameter type: Its type, `nil` if it was not recognised.
    package init(_ type: HeapType?) {
        let family = TypeFamily(type)
        self = family.isBuffer ? .container : family == .box || family == .error ? .value : .heapOwner
    }

    /// The kind of a reference from outside of the heap.
    /// - Parameter root: Where it stands.
    package init(_ root: GraphRoot.Kind) {
        self = root == .stack || root == .register ? .stackOwner : .value
    }
}

/// The blocks that a leak scan looked at, and what in them refers to which.
///
/// Holds what nothing reaches any more or, if the whole graph was asked for, every live block.
public struct ObjectGraph: Sendable, Equatable {
    /// The blocks, by ascending address.
    public var blocks: [GraphBlock] = []
    /// What block `i` refers to: `edges[firstEdge[i]..<firstEdge[i + 1]]`. One element more than ``blocks``; empty without blocks.
    public var firstEdge: [Int] = []
    /// References from block to block, those of one block together.
    public var edges: [GraphEdge] = []
    /// References from outside of the heap; only with the whole graph.
    public var roots: [GraphRoot] = []
    /// What types have at which offset, by ascending type and offset.
    public var fields: [TypeField] = []

    /// Creates an empty graph.
    public init() {}

    /// What a block refers to. Constant time.
    /// - Parameter block: Index into ``blocks``.
    /// - Returns: The part of ``edges`` that is the block's.
    public func edges(of block: Int) -> ArraySlice<GraphEdge> { edges[firstEdge[block]..<firstEdge[block + 1]] }

    /// The field of a type that covers an offset: the nearest one at or before it. Logarithmic in the number of fields.
    /// - Parameters:
    ///   - type: Index into ``HeapSnapshot/types``.
    ///   - offset: Bytes from the block's beginning.
    /// - Returns: The field, `nil` if none is known.
    public func field(of type: Int, at offset: Int) -> TypeField? {
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low + high) / 2
            if (fields[middle].type, fields[middle].offset) <= (type, offset) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0, fields[low - 1].type == type else { return nil }
        return fields[low - 1]
    }
}

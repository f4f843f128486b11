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
    /// How often objects are referred to, by ascending block; only with the whole graph. Objects that live for ever have none.
    public var counts: [ObjectCounts] = []
    /// Addresses of code that stand beside references, each once: of closures, and of whatever looks like them.
    public var closures: [UInt64] = []
    /// For each function that references on stacks and in registers belong to an address that its call returns to, or would.
    public var stackFunctions: [UInt64] = []
    /// What blocks have to do with tasks.
    public var taskBlocks: [TaskBlock] = []
    /// What types have at which offset, by ascending type and offset.
    public var fields: [TypeField] = []

    /// Creates an empty graph.
    public init() {}

    /// What a block refers to. Constant time.
    /// - Parameter block: Index into ``blocks``.
    /// - Returns: The part of ``edges`` that is the block's.
    public func edges(of block: Int) -> ArraySlice<GraphEdge> { edges[firstEdge[block]..<firstEdge[block + 1]] }

    /// The field of a type that covers an offset: the nearest one at or before it. Linear in the type's fields.
    /// - Parameters:
    ///   - type: Index into ``HeapSnapshot/types``.
    ///   - offset: Bytes from the block's beginning.
    /// - Returns: The field, with the number of the repetition if it repeats; `nil` if none is known.
    public func field(of type: Int, at offset: Int) -> (field: TypeField, number: Int?)? {
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].type < type { low = middle + 1 } else { high = middle }
        }
        var best: (field: TypeField, number: Int?, distance: Int)?
        while low < fields.count, fields[low].type == type, fields[low].offset <= offset {
            let field = fields[low]
            let whole = offset - field.offset
            let distance = field.stride > 0 ? whole % field.stride : whole
            // Of two at the same offset the first has no size.
            if best.map({ distance <= $0.distance }) ?? true {
                best = (field, field.stride > 0 ? whole / field.stride : nil, distance)
            }
            low += 1
        }
        return best.map { ($0.field, $0.number) }
    }

    /// What a person calls the place in an object of a type, `element 3.name` or `delegate`; `nil` if nothing is known.
    public func fieldName(of type: Int, at offset: Int) -> String? {
        guard let (field, number) = field(of: type, at: offset) else { return nil }
        guard let number, field.name.hasPrefix("element") else { return field.name }
        return "element \(number)" + field.name.dropFirst("element".count)
    }
}

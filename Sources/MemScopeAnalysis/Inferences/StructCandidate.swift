public import MemScopeModel

/// A class of which every object that lives has one owner, so its objects could be values inside of their owners.
///
/// Needs the whole graph of live blocks. That no object is shared now does not mean that none ever is, and identity, a
/// `deinit` or changes through a borrowed reference are not seen: hence a confidence.
public struct StructCandidate: Sendable, Equatable {
    /// Index into ``HeapSnapshot/types``.
    public var type: Int
    /// Objects that live.
    public var instances: UInt64
    /// Their bytes.
    public var bytes: UInt64
    /// Index into ``HeapSnapshot/nodes`` of the place that allocated most of them.
    public var node: Int
    /// How sure it is, from 0 to 1; `Docs/inferences.md` says what that meant over programs of which the truth is known.
    public var confidence: Double

    /// Fewer objects say nothing of how a class is used.
    static let leastInstances = 20
    /// Larger objects are better not copied.
    static let largestSize: UInt64 = 160

    /// The candidates of a snapshot, those of most bytes first; empty without the whole graph. Linear in blocks and edges.
    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - isProgram: Whether a type is the program's own.
    /// - Returns: One candidate for each such class.
    public static func all(of snapshot: HeapSnapshot, isProgram: (HeapType) -> Bool) -> [StructCandidate] {
        let graph = snapshot.graph
        guard snapshot.leakScan.outcome == .done, !graph.roots.isEmpty else { return [] }
        var uses = snapshot.types.map { type in
            type.kind == .classInstance && isProgram(type) ? Use() : nil
        }
        let owning = OwningReferences(graph)
        var owners = [UInt8](repeating: 0, count: graph.blocks.count)
        // Which place of which holder leads to which type: a place that leads to several is one of a protocol or a
        // superclass.
        var targets: [Place: Int] = [:]
        for (index, block) in graph.blocks.enumerated() where block.isReachable {
            let holder = block.type.map { snapshot.types[$0] }
            for edge in graph.edges(of: index) {
                guard let type = graph.blocks[edge.to].type, uses[type] != nil else { continue }
                owners[edge.to] += owners[edge.to] < 2 ? 1 : 0
                let isPlain = owning.contains(edge, of: index) && type != block.type && Self.mayOwnValues(holder)
                if !isPlain { uses[type]?.isExcluded = true }
                let isStorage = holder.map { $0.name.contains("Storage") } ?? true
                let place = Place(
                    holder: block.type ?? -1, block: isStorage ? index : -1, offset: isStorage ? 0 : edge.offset)
                if let other = targets.updateValue(type, forKey: place), other != type {
                    uses[type]?.isOneOfSeveral = true
                    uses[other]?.isOneOfSeveral = true
                }
            }
        }
        // What a stack or a register refers to is in use at the moment; it may be a leftover just as well.
        for root in graph.roots where root.kind != .stack && root.kind != .register {
            owners[root.to] += owners[root.to] < 2 ? 1 : 0
        }
        for (index, block) in graph.blocks.enumerated() where block.isReachable {
            guard let type = block.type, uses[type] != nil else { continue }
            uses[type]?.add(block, owners: owners[index], node: snapshot.sites[block.site].node)
        }
        return uses.indices.compactMap { uses[$0]?.candidate(for: $0) }
            .sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
    }

    /// Whether what a block refers to could be part of it: not so in a closure's context or in a box, which are made to
    /// share what they hold.
    private static func mayOwnValues(_ holder: HeapType?) -> Bool {
        switch holder?.kind {
        case .closureContext, .box, .task, .job, .taskSlab, .sideTable, .metadataPool: false
        // A closure that captures one object has no context but that object, and a list of closures refers to it.
        case .classInstance: holder?.name.contains("->") == false
        case .errorBox, .actor, .cxxObject, nil: true
        }
    }

    private struct Place: Hashable {
        let holder: Int
        let block: Int
        let offset: Int
    }

    /// How the objects of one class are held.
    private struct Use {
        var isExcluded = false
        var isOneOfSeveral = false
        private var instances: UInt64 = 0
        private var bytes: UInt64 = 0
        private var largest: UInt64 = 0
        private var owned: UInt64 = 0
        private var node = 0
        private var most: UInt64 = 0
        private var countOfNode: [Int: UInt64] = [:]

        mutating func add(_ block: GraphBlock, owners: UInt8, node: Int) {
            instances += 1
            bytes += block.size
            largest = max(largest, block.size)
            if owners == 1 { owned += 1 }
            countOfNode[node, default: 0] += 1
            if countOfNode[node, default: 0] > most {
                most = countOfNode[node, default: 0]
                self.node = node
            }
        }

        func candidate(for type: Int) -> StructCandidate? {
            guard !isExcluded, !isOneOfSeveral, instances >= UInt64(leastInstances), largest <= largestSize,
                owned == instances
            else { return nil }
            return StructCandidate(
                type: type, instances: instances, bytes: bytes, node: node,
                confidence: largest <= 64 ? 0.7 : 0.6)
        }
    }
}

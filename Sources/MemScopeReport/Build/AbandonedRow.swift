package import MemScopeAnalysis
package import MemScopeModel

/// A line of the program and a type of which every repetition left something behind.
package struct AbandonedRow: Sendable, Equatable {
    /// The type of most of it, `untyped` if it was not recognised.
    package let type: String
    /// The program's function that allocated it, with its line.
    package let place: String
    /// Blocks and bytes that are reached, and whole blocks for each repetition of that.
    package let blocks: UInt64
    package let bytes: UInt64
    package let blocksPerRepetition: UInt64
    /// The same for what nothing refers to.
    package let leakedBlocks: UInt64
    package let leakedBytes: UInt64
    package let leakedPerRepetition: UInt64

    /// The rows of a snapshot that was made after some repetitions; `nil` if its history does not tell them apart.
    ///
    /// - Parameters:
    ///   - snapshot: With a search for leaks, and with a note held before the first repetition and after each.
    ///   - names: The names of the snapshot's addresses.
    ///   - repetitions: How many there were.
    ///   - before: What no root led to before the first one.
    /// - Returns: Those that grew by most bytes first.
    package static func all(
        of snapshot: HeapSnapshot, names: SnapshotNames, repetitions: Int, before: UnreachedSums
    ) -> [AbandonedRow]? {
        let builder = ReportBuilder(
            snapshot: snapshot, names: names, options: ReportOptions(), suppressed: (blocks: 0, bytes: 0))
        let tree = DisplayTree(snapshot, names)
        let collector = CallSiteCollector(tree, .exact)
        let lines = collector.sites(of: snapshot, tree)
        let types = builder.usualTypes().ofSites
        var known: [SIMD2<Int32>: Int32] = [:]
        var pairs: [SIMD2<Int32>] = []
        let groups = zip(lines, types).map { line, type in
            let pair = SIMD2(line, type)
            let group = known[pair] ?? Int32(pairs.count)
            if known.updateValue(group, forKey: pair) == nil { pairs.append(pair) }
            return group
        }
        let grown = AbandonedGrowth.all(
            in: snapshot.history, repetitions: repetitions, by: groups, before: before,
            after: UnreachedSums(snapshot.graph))
        return grown?.map { growth in
            let (line, type) = (pairs[growth.group].x, pairs[growth.group].y)
            // Runtimes keep some of what they need again, such as libdispatch its continuations, up to a number.
            let isRuntime = line >= 0 && collector.frame(of: Int(line)).isRuntime
            return AbandonedRow(
                type: type < 0 ? "untyped" : snapshot.types[Int(type)].name,
                place: line < 0 ? "(no stack)" : collector.frame(of: Int(line)).place, blocks: growth.blocks,
                bytes: growth.bytes, blocksPerRepetition: isRuntime ? 0 : growth.blocksPerRepetition,
                leakedBlocks: growth.leakedBlocks,
                leakedBytes: growth.leakedBytes, leakedPerRepetition: growth.leakedPerRepetition)
        }.sorted { ($1.bytes + $1.leakedBytes, $0.place) < ($0.bytes + $0.leakedBytes, $1.place) }
    }
}

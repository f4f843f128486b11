internal import ArgumentParser
internal import MemScopeAnalysis
internal import MemScopeModel
internal import MemScopeReport
internal import MemScopeSymbols

/// `memscope why`: what keeps a block alive, and what it keeps.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Print what keeps blocks of a type, or the block at an address, alive.",
        discussion: """
            Needs a capture with the whole graph: memscope run --ownership-graph --keep-capture …. It may be named by the report \
            beside it. Ends with status 1 if there is no such block.
            """
    )

    @Argument(help: "A capture file, or the report.json beside it.")
    var file: String

    @Argument(help: "A part of a type's name, or an address in hexadecimal: 0x….")
    var what: String

    func run() throws {
        var snapshot = try CaptureSource.load(file)
        snapshot.makeTypesReadable()
        guard !snapshot.graph.roots.isEmpty else {
            throw CommandError(
                what: "\(file) does not say what is alive", why: "it was made without the graph of live blocks",
                remedy: "run with --ownership-graph and --keep-capture")
        }
        let blocks = matches(in: snapshot)
        guard !blocks.isEmpty else {
            print("No live block is of a type with \(what) in its name, or contains that address.")
            throw ExitCode(1)
        }
        let graph = snapshot.graph
        let subgraph = BlockSubgraph(allOf: graph)
        let components = StrongComponents(subgraph)
        let retained = RetainedSizes(graph, subgraph, components)
        let bytes = blocks.reduce(0) { $0 + graph.blocks[$1].size }
        let wanted = Set(blocks.map { components.component[$0] })
        var sums = RetainedSums(retained)
        for component in sums.order where wanted.contains(component) { sums.add(Int(component), to: 0) }
        let kept = sums.bytes[0]
        let isOne = blocks.count == 1
        print(
            "\(blocks.count) \(isOne ? "block" : "blocks") of \(bytes) bytes; "
                + (isOne ? "it alone keeps \(kept) bytes" : "what each alone keeps is \(kept) bytes together"))
        guard let path = RetainerPaths(graph).path(toAnyOf: blocks) else {
            print(RetainerDescription.sentence(onUnreached: blocks, in: graph))
            return
        }
        let description = RetainerDescription(snapshot, SnapshotNames(of: snapshot, by: FileSymbolicator()))
        for line in description.lines(of: path) { print(line) }
    }

    private func matches(in snapshot: HeapSnapshot) -> [Int] {
        let graph = snapshot.graph
        if what.hasPrefix("0x"), let address = UInt64(what.dropFirst(2), radix: 16) {
            return graph.blocks.indices.filter {
                graph.blocks[$0].address <= address
                    && address - graph.blocks[$0].address < max(graph.blocks[$0].size, 1)
            }
        }
        // The type itself goes before those that have it in their names, such as arrays of it.
        var isMatch = snapshot.types.map { $0.name == what || $0.name.hasSuffix(".\(what)") }
        if !isMatch.contains(true) { isMatch = snapshot.types.map { $0.name.contains(what) } }
        return graph.blocks.indices.filter { graph.blocks[$0].type.map { isMatch[$0] } ?? false }
    }
}

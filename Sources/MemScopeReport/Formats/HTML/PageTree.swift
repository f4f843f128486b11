/// The call tree in the page: columns of numbers, texts once.
///
/// Node 0 is the root, so a node's number is one more than its position in ``Report/CallTree/nodes``.
struct PageTree: Encodable {
    private(set) var strings: [String] = [""]
    /// Five numbers a frame: function, file, line, module, and 1 for inlined plus 2 for runtime.
    private(set) var frames: [Int] = [0, 0, 0, 0, 0]
    private(set) var parent: [Int] = []
    private(set) var frame: [Int] = []
    private(set) var kind: [Int] = []
    private(set) var allocations: [UInt64] = []
    private(set) var allocatedBytes: [UInt64] = []
    private(set) var liveBlocks: [UInt64] = []
    private(set) var liveBytes: [UInt64] = []
    private(set) var peakBytes: [UInt64] = []
    private(set) var peakBlocks: [UInt64] = []
    private(set) var temporaries: [UInt64] = []
    private(set) var temporaryBytes: [UInt64] = []
    /// What was left out below which node.
    private(set) var pruned = PrunedNodes()
    /// For each node of the report its number here, or that of the nearest caller that is here. Empty if all are, in order.
    private(set) var places: [Int] = []

    private enum CodingKeys: CodingKey {
        case strings, frames, parent, frame, kind, allocations, allocatedBytes, liveBlocks, liveBytes, peakBytes
        case temporaries, temporaryBytes, peakBlocks, pruned, places
    }

    /// - Parameters:
    ///   - tree: The report's tree.
    ///   - pruning: Which of its nodes the page shows; its numbers are one more than the tree's.
    init(_ tree: Report.CallTree, _ pruning: TreePruning) {
        var texts: [String: Int] = ["": 0]
        var known: [Report.Frame: Int] = [:]
        append(tree.total, parent: 0, frame: 0, kind: .frame)
        for number in pruning.kept {
            let node = tree.nodes[Int(number) - 1]
            append(
                node.figures, parent: Int(pruning.position[node.parent + 1]) + 1,
                frame: intern(node.frame, &known, &texts), kind: node.kind)
        }
        addPruned(tree, pruning)
        if pruning.kept.count < tree.nodes.count {
            places = tree.nodes.indices.map { pruning.nearest($0 + 1) + 1 }
        }
    }

    private mutating func append(
        _ figures: Report.StackFigures, parent: Int, frame: Int, kind: Report.CallTree.Node.Kind
    ) {
        self.parent.append(parent)
        self.frame.append(frame)
        self.kind.append(Report.CallTree.Node.Kind.allCases.firstIndex(of: kind)!)
        allocations.append(figures.allocations)
        allocatedBytes.append(figures.allocatedBytes)
        liveBlocks.append(figures.liveBlocks)
        liveBytes.append(figures.liveBytes)
        peakBytes.append(figures.peakBytes)
        peakBlocks.append(figures.peakBlocks)
        temporaries.append(figures.temporaries)
        temporaryBytes.append(figures.temporaryBytes)
    }

    private mutating func intern(
        _ frame: Report.Frame, _ known: inout [Report.Frame: Int], _ texts: inout [String: Int]
    ) -> Int {
        if let index = known[frame] { return index }
        let index = frames.count / 5
        for text in [frame.function, frame.file, frame.module] where texts[text] == nil {
            texts[text] = strings.count
            strings.append(text)
        }
        frames += [
            texts[frame.function]!, texts[frame.file]!, frame.line, texts[frame.module]!,
            (frame.isInlined ? 1 : 0) + (frame.isRuntime ? 2 : 0),
        ]
        known[frame] = index
        return index
    }

    /// Adds what the report had left out already to what the page leaves out.
    private mutating func addPruned(_ tree: Report.CallTree, _ pruning: TreePruning) {
        if let left = tree.pruned { pruned.add(nodes: left.nodes, left.total, below: 0) }
        for (index, node) in tree.nodes.enumerated() {
            let place = pruning.nearest(index + 1) + 1
            let isKept = pruning.position[index + 1] >= 0
            if isKept {
                if let left = node.pruned { pruned.add(nodes: left.nodes, left.total, below: place) }
                continue
            }
            // The figures of a node that is left out include those below it; only the topmost counts.
            let isTopmost = node.parent < 0 || pruning.position[node.parent + 1] >= 0
            let figures = isTopmost ? node.figures : Report.StackFigures()
            pruned.add(nodes: 1 + (node.pruned?.nodes ?? 0), figures, below: place)
        }
    }
}
